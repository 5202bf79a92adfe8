// SPDX-License-Identifier: Apache-2.0

//! `salus record`: file, read, attest and correct.

use crate::{
	context::{Context, Me},
	document::{self, Valid},
	filing::{self, Filed, Filing, Place},
	output::{facts, or_dash, short, table},
	reading_room::{ReadingRoom, deliver, look_up},
	values::{Hash, Party, Span, when},
};
use anyhow::{anyhow, bail};
use clap::Subcommand;
use salus_client::{
	At, Call, Chain, calls,
	keystore::Secrets,
	types::{Requirement, StageView, ValidationPolicy, VersionView},
};
use salus_envelope::CommitmentSalt;
use salus_primitives::{
	AccreditationKind, AccreditationKinds, Action, AmendReason, AttestationKind, CompartmentNo,
	IdentityId, IdentityKind, Purpose, RecordClass, RecordId, RecordVersion, RetractReason,
	Verdict,
};
use serde::Serialize;
use serde_json::json;
use std::path::PathBuf;

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// Validate a FHIR document, seal it and file it for a patient.
	Submit(Box<Submit>),
	/// The records of a patient, newest first; your own without a name.
	List {
		/// Whose.
		patient: Option<Party>,
		/// How many at most.
		#[arg(long, default_value_t = 50)]
		limit: usize,
	},
	/// What stands about a record, and what it waits for.
	Show {
		/// Which record.
		record: RecordId,
	},
	/// Read a record, to stdout or into a file.
	Open(Open),
	/// Give a verdict on a record that waits for it, after reading it.
	Attest(Attest),
	/// Give a record that you filed a new version.
	Amend(Box<Amend>),
	/// Mark a record that you filed as an error, for good.
	Retract {
		/// Which record.
		record: RecordId,
		/// Why: wrong-patient, wrong-content, duplicate or source-withdrew.
		#[arg(long)]
		reason: RetractReason,
	},
	/// Compare the stored object with the chain, without opening it.
	Verify {
		/// Which record.
		record: RecordId,
		/// Which version; by default the one that counts.
		#[arg(long)]
		version: Option<RecordVersion>,
	},
	/// Show or set what it takes to anchor records of a class.
	Policy(Policy),
}

#[derive(clap::Args, Debug)]
pub(crate) struct Submit {
	/// The document: a FHIR R4 resource or bundle in JSON.
	file: PathBuf,
	/// Whom it is about; yourself when you are a patient.
	#[arg(long, value_name = "PARTY")]
	patient: Option<Party>,
	/// The compartment it goes into.
	#[arg(long, value_name = "NUMBER", default_value_t = 0)]
	compartment: CompartmentNo,
	/// Its class, in coarse words, because the class is public.
	#[arg(long, default_value = "clinical")]
	class: RecordClass,
	/// The organisation you file for, as a practitioner.
	#[arg(long, value_name = "PARTY")]
	organisation: Option<Party>,
	/// A keystore or home of a validator at this gateway: their verdicts anchor it at once.
	#[arg(long, value_name = "FILE")]
	attest_with: Vec<PathBuf>,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Open {
	/// Which record.
	record: RecordId,
	/// Which version; by default the one that counts.
	#[arg(long)]
	version: Option<RecordVersion>,
	/// A file to write it to. It appears only when all of it was checked.
	#[arg(long, short, value_name = "FILE")]
	output: Option<PathBuf>,
	/// Overwrite that file.
	#[arg(long, requires = "output")]
	force: bool,
	/// What for: TREAT by default, PATRQT for your own.
	#[arg(long)]
	purpose: Option<Purpose>,
	/// To do what.
	#[arg(long, default_value = "access")]
	action: Action,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Attest {
	/// Which record.
	record: RecordId,
	/// What the verdict is about; by default everything that is still missing.
	#[arg(long)]
	kind: Vec<AttestationKind>,
	/// The verdict: pass, pass-with-warnings or fail; by default what validation finds.
	#[arg(long)]
	verdict: Option<Verdict>,
	/// The document, when you have it from elsewhere; without it the record is opened.
	#[arg(long, value_name = "FILE", requires = "salt")]
	document: Option<PathBuf>,
	/// The salt that `record submit` printed for that document.
	#[arg(long, value_name = "HEX", requires = "document")]
	salt: Option<Hash>,
	/// What you open it for.
	#[arg(long)]
	purpose: Option<Purpose>,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Amend {
	/// Which record.
	record: RecordId,
	/// The new document.
	file: PathBuf,
	/// Why: replaces, appends, transforms, signs or patient-requested.
	#[arg(long, default_value = "replaces")]
	reason: AmendReason,
	/// A keystore or home of a validator: their verdicts make it count at once.
	#[arg(long, value_name = "FILE")]
	attest_with: Vec<PathBuf>,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Policy {
	/// Which class.
	class: RecordClass,
	/// Set it, by a proposal of a council of one.
	#[arg(long, requires = "from")]
	council: bool,
	/// How many verdicts on accuracy.
	#[arg(long, default_value_t = 1, requires = "council")]
	accuracy: u8,
	/// How many verdicts on completeness.
	#[arg(long, default_value_t = 0, requires = "council")]
	completeness: u8,
	/// How many verdicts on the source.
	#[arg(long, default_value_t = 0, requires = "council")]
	source: u8,
	/// Which accreditations let somebody give them.
	#[arg(long, value_name = "KIND", value_delimiter = ',', requires = "council")]
	from: Vec<AccreditationKind>,
	/// The verdicts of one kind come from different organisations.
	#[arg(long, requires = "council")]
	distinct_organisations: bool,
	/// The author's own verdict counts.
	#[arg(long, requires = "council")]
	author_may_attest: bool,
	/// How long a record may wait.
	#[arg(long, value_name = "SPAN", default_value = "30d", requires = "council")]
	time_to_live: Span,
}

pub(crate) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
	match command {
		Command::Submit(submit) => self::submit(context, *submit).await,
		Command::List { patient, limit } => list(context, patient, limit).await,
		Command::Show { record } => show(context, record).await,
		Command::Open(open) => self::open(context, open).await,
		Command::Attest(attest) => self::attest(context, attest).await,
		Command::Amend(amend) => self::amend(context, *amend).await,
		Command::Retract { record, reason } => retract(context, record, reason).await,
		Command::Verify { record, version } => verify(context, record, version).await,
		Command::Policy(policy) => self::policy(context, policy).await,
	}
}

async fn submit(context: &Context, submit: Submit) -> anyhow::Result<()> {
	// Before the network: a bad document is refused wherever one is.
	let valid = document::validate(document::read(&submit.file)?, document::now())?;
	let secrets = context.secrets()?;
	let attestors = attestors(context, &submit.attest_with)?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let subject = match &submit.patient {
		Some(party) => context.identity(&at, party).await?,
		None if me.view.kind == IdentityKind::Patient => me.id,
		None => bail!("whom is it about? Name the patient with --patient"),
	};
	let organisation = match &submit.organisation {
		Some(party) => Some(context.identity(&at, party).await?),
		None => default_organisation(&at, &me).await?,
	};
	let place = Place {
		subject,
		organisation,
		class: submit.class,
		compartment: submit.compartment,
		amends: None,
	};
	let filing = Filing { context, chain: &chain, secrets: &secrets, me: &me };
	let filed = filing.file(&valid, place, &attestors).await?;
	say_filed(context, &filed)
}

/// Where a practitioner works, when that is one place only.
async fn default_organisation(at: &At, me: &Me) -> anyhow::Result<Option<IdentityId>> {
	if me.view.kind != IdentityKind::Practitioner {
		return Ok(None);
	}
	let mut organisations = at.organisations_of(me.id).await?;
	match (organisations.pop(), organisations.pop()) {
		(Some(only), None) => Ok(Some(only)),
		(None, _) => bail!(
			"no affiliation of yours is in force: see `salus affiliate list`, and whether you and the \
			 organisation are licensed now with `salus accredit show`"
		),
		_ => bail!("you work at several organisations: name the one you file for, --organisation"),
	}
}

fn attestors(context: &Context, paths: &[PathBuf]) -> anyhow::Result<Vec<Secrets>> {
	paths.iter().map(|path| context.secrets_of(path)).collect()
}

/// Says what became of a filing.
pub(crate) fn say_filed(context: &Context, filed: &Filed) -> anyhow::Result<()> {
	context.out.say(filed, || {
		facts(&[
			("record", filed.record.to_string()),
			("version", filed.version.to_string()),
			("stage", stage(&filed.stage)),
			("object", filed.content.to_string()),
			("sealed size", format!("{} bytes", filed.object_len)),
			("body salt", filed.body_salt.clone()),
		])
	})
}

async fn list(context: &Context, patient: Option<Party>, limit: usize) -> anyhow::Result<()> {
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let subject = subject(context, &at, patient).await?;
	let records = at.all_records_of(subject, limit).await?;
	context.out.say(&records, || {
		let rows = records.iter().map(|record| {
			[
				record.id.to_string(),
				record.class.to_string(),
				record.status.to_string(),
				record.compartment.to_string(),
				record.current.to_string(),
				when(record.created),
				short(&record.author),
			]
		});
		table(
			["record", "class", "status", "comp.", "version", "filed (UTC)", "author"],
			rows.collect(),
			"no records",
		)
	})
}

/// The patient who was named, or the one whose keystore this is.
pub(crate) async fn subject(
	context: &Context,
	at: &At,
	patient: Option<Party>,
) -> anyhow::Result<IdentityId> {
	match patient {
		Some(party) => context.identity(at, &party).await,
		None => {
			let account = salus_client::keystore::account(&context.keystore_path())?;
			let party: Party = account.parse().map_err(anyhow::Error::msg)?;
			context.identity(at, &party).await.map_err(|_| {
				anyhow!("this account is not registered: name somebody, or run `salus register`")
			})
		},
	}
}

async fn show(context: &Context, record: RecordId) -> anyhow::Result<()> {
	let at = context.chain().await?.best().await?;
	let (view, _) = look_up(&at, record, None).await?;
	let mut versions = Vec::new();
	for number in 1..=view.newest {
		versions.extend(at.version(record, number).await?);
	}
	let missing = at.validation_state(record).await?;
	let shown: Vec<_> = versions.iter().map(ShownVersion::from).collect();
	let answer = json!({ "record": view, "versions": shown, "validation": missing });
	context.out.say(&answer, || {
		let retracted = view
			.retraction
			.as_ref()
			.map(|retraction| format!("{} on {}", retraction.reason, when(retraction.at)));
		let waits_for = missing.as_ref().map(|state| {
			let kinds = state.missing.iter().map(|one| format!("{} on {}", one.count, one.kind));
			format!(
				"{} for version {}, until {}",
				kinds.collect::<Vec<_>>().join(", "),
				state.version,
				when(state.deadline)
			)
		});
		let head = facts(&[
			("record", view.id.to_string()),
			("patient", view.subject.to_string()),
			("author", view.author.to_string()),
			("organisation", or_dash(&view.organisation)),
			("class", view.class.to_string()),
			("compartment", view.compartment.to_string()),
			("filed", when(view.created)),
			("status", view.status.to_string()),
			("retracted", or_dash(&retracted)),
			("verdicts needed", or_dash(&waits_for)),
		]);
		let rows = versions.iter().map(|version| {
			let verdicts =
				version.attestations.iter().map(|one| format!("{} {}", one.kind, one.verdict));
			[
				version.number.to_string(),
				stage(&version.stage),
				when(version.filed),
				or_dash(&version.reason),
				verdicts.collect::<Vec<_>>().join(", "),
				version.content.to_string(),
			]
		});
		let versions = table(
			["version", "stage", "filed (UTC)", "reason", "verdicts", "object"],
			rows.collect(),
			"",
		);
		format!("{head}\n\n{versions}")
	})
}

/// A version as programs see it: without the wrap, which is of no use to them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownVersion<'a> {
	number: RecordVersion,
	author: &'a IdentityId,
	reason: &'a Option<AmendReason>,
	filed: u64,
	content: String,
	body: String,
	padded_len: u64,
	key_epoch: Option<u32>,
	stage: &'a StageView,
	attestations: &'a [salus_client::types::Attestation],
}

impl<'a> From<&'a VersionView> for ShownVersion<'a> {
	fn from(version: &'a VersionView) -> Self {
		Self {
			number: version.number,
			author: &version.author,
			reason: &version.reason,
			filed: version.filed,
			content: version.content.to_string(),
			body: version.body.to_string(),
			padded_len: version.padded_len,
			key_epoch: version.key.map(|key| key.epoch),
			stage: &version.stage,
			attestations: &version.attestations,
		}
	}
}

fn stage(stage: &StageView) -> String {
	match stage {
		StageView::Open { deadline } => format!("waits for verdicts until {}", when(*deadline)),
		StageView::Lapsed { deadline } => format!("lapsed on {}", when(*deadline)),
		StageView::Anchored { at } => format!("anchored on {}", when(*at)),
		StageView::Failed { at } => format!("failed on {}", when(*at)),
		StageView::Abandoned { at } => format!("given up on {}", when(*at)),
	}
}

async fn open(context: &Context, open: Open) -> anyhow::Result<()> {
	if let Some(path) = open.output.as_ref().filter(|path| path.exists() && !open.force) {
		bail!("{} exists already: name another file, or add --force", path.display());
	}
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let me = context.me(&chain.best().await?, &secrets).await?;
	let room = ReadingRoom { context, chain: &chain, secrets: &secrets, me: &me };
	let opened = room.open(open.record, open.version, open.purpose, open.action).await?;
	deliver(&opened.bytes, open.output.as_deref(), open.force)?;
	let Some(path) = open.output else { return Ok(()) };
	let answer = json!({
		"record": opened.view.id,
		"version": opened.version.number,
		"status": opened.view.status,
		"output": path,
		"bytes": opened.bytes.len(),
		"decision": opened.release.decision,
		"logEntry": { "number": opened.release.seq, "event": opened.release.event },
	});
	context.out.say(&answer, || {
		facts(&[
			("record", opened.view.id.to_string()),
			("version", opened.version.number.to_string()),
			("status", opened.view.status.to_string()),
			("written to", format!("{}, {} bytes", path.display(), opened.bytes.len())),
			("access", opened.release.decision.to_string()),
		])
	})
}

async fn attest(context: &Context, attest: Attest) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let (view, _) = look_up(&at, attest.record, None).await?;
	let Some(state) = at.validation_state(view.id).await? else {
		bail!("the record waits for no verdict: its status is {}", view.status);
	};
	if state.lapsed {
		bail!("the time for verdicts passed on {}: the author files again", when(state.deadline));
	}
	let valid = see(context, &chain, &secrets, &me, &attest, state.version).await?;
	let kinds = if attest.kind.is_empty() {
		state.missing.iter().map(|missing| missing.kind).collect()
	} else {
		attest.kind.clone()
	};
	let verdict = filing::verdict_of(&valid, attest.verdict);
	let evidence = filing::keep_evidence(context, &valid)?;
	let calls = kinds
		.iter()
		.map(|kind| calls::records::attest(view.id, state.version, *kind, verdict, evidence));
	context.submit(&chain, &Call::batch_all(calls.collect()), &secrets.signer()).await?;

	let (view, version) = look_up(&chain.best().await?, view.id, Some(state.version)).await?;
	let answer = json!({
		"record": view.id,
		"version": version.number,
		"kinds": kinds,
		"verdict": verdict,
		"evidence": evidence,
		"status": view.status,
		"stage": version.stage,
	});
	context.out.say(&answer, || {
		let kinds: Vec<_> = kinds.iter().map(ToString::to_string).collect();
		facts(&[
			("record", view.id.to_string()),
			("version", version.number.to_string()),
			("verdict", format!("{verdict} on {}", kinds.join(", "))),
			("stage", stage(&version.stage)),
		])
	})
}

/// The document that a verdict is about, seen and validated: nobody attests unseen.
async fn see(
	context: &Context,
	chain: &Chain,
	secrets: &Secrets,
	me: &Me,
	attest: &Attest,
	version: RecordVersion,
) -> anyhow::Result<Valid> {
	let bytes = match (&attest.document, attest.salt) {
		(Some(path), Some(salt)) => {
			let bytes = document::read(path)?;
			let (_, filed) = look_up(&chain.best().await?, attest.record, Some(version)).await?;
			if CommitmentSalt(salt.0).commit(&bytes).0 != filed.body.0 {
				bail!(
					"{} with that salt is not what was filed: check both with the author",
					path.display()
				);
			}
			bytes
		},
		_ => {
			let room = ReadingRoom { context, chain, secrets, me };
			room.open(attest.record, Some(version), attest.purpose, Action::Access).await?.bytes
		},
	};
	if attest.verdict == Some(Verdict::Fail) {
		// What fails need not pass here.
		return document::unchecked(bytes, document::now());
	}
	document::validate(bytes, document::now())
}

async fn amend(context: &Context, amend: Amend) -> anyhow::Result<()> {
	let valid = document::validate(document::read(&amend.file)?, document::now())?;
	let secrets = context.secrets()?;
	let attestors = attestors(context, &amend.attest_with)?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let (view, _) = look_up(&at, amend.record, None).await?;
	let place = Place {
		subject: view.subject,
		organisation: view.organisation,
		class: view.class,
		compartment: view.compartment,
		amends: Some((view.id, view.newest, amend.reason)),
	};
	let filing = Filing { context, chain: &chain, secrets: &secrets, me: &me };
	let filed = filing.file(&valid, place, &attestors).await?;
	say_filed(context, &filed)
}

async fn retract(context: &Context, record: RecordId, reason: RetractReason) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let call = calls::records::retract(record, reason);
	context.submit(&chain, &call, &secrets.signer()).await?;
	let answer = json!({ "record": record, "status": "entered-in-error", "reason": reason });
	context.out.say(&answer, || format!("record {record} is entered in error: {reason}"))
}

async fn verify(
	context: &Context,
	record: RecordId,
	version: Option<RecordVersion>,
) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let (view, version) = look_up(&at, record, version).await?;
	let room = ReadingRoom { context, chain: &chain, secrets: &secrets, me: &me };
	let length = match &version.object {
		Some(object) => object.len() as u64,
		None => {
			let custodian = context.custodian(&at, &chain).await?;
			room.fetch(&custodian, &version).await?.as_file().metadata()?.len()
		},
	};
	let answer = json!({
		"record": view.id,
		"version": version.number,
		"status": view.status,
		"content": version.content,
		"objectLen": length,
		"intact": true,
	});
	context.out.say(&answer, || {
		facts(&[
			("record", view.id.to_string()),
			("version", version.number.to_string()),
			("status", view.status.to_string()),
			("object", format!("{}, {length} bytes, as anchored", version.content)),
		])
	})
}

async fn policy(context: &Context, policy: Policy) -> anyhow::Result<()> {
	let chain = context.chain().await?;
	if policy.council {
		let secrets = context.secrets()?;
		let from = AccreditationKinds::of(&policy.from);
		let requirement = |count| match count {
			0 => Requirement::default(),
			count => Requirement { count, from },
		};
		let set = ValidationPolicy {
			accuracy: requirement(policy.accuracy),
			completeness: requirement(policy.completeness),
			source: requirement(policy.source),
			distinct_organisations: policy.distinct_organisations,
			author_may_attest: policy.author_may_attest,
			time_to_live: policy.time_to_live.0,
		};
		let call = calls::records::set_validation_policy(policy.class, set);
		let call = Call::council_proposal(1, call);
		context.submit(&chain, &call, &secrets.signer()).await?;
	}
	let found = chain.best().await?.validation_policy(policy.class).await?;
	let answer = json!({ "class": policy.class, "policy": found });
	context.out.say(&answer, || {
		let Some(found) = found else {
			return format!(
				"class {} has no policy: its records cannot be filed yet",
				policy.class
			);
		};
		let ask = |requirement: &Requirement| {
			let from: Vec<_> = requirement.from.iter().map(|kind| kind.to_string()).collect();
			match requirement.count {
				0 => "none".into(),
				count => format!("{count}, by holders of {}", from.join(" or ")),
			}
		};
		facts(&[
			("class", policy.class.to_string()),
			("on accuracy", ask(&found.accuracy)),
			("on completeness", ask(&found.completeness)),
			("on the source", ask(&found.source)),
			("from different organisations", found.distinct_organisations.to_string()),
			("author may attest", found.author_may_attest.to_string()),
			("time to live", format!("{} h", found.time_to_live / 3_600_000)),
		])
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn stages_are_said_with_their_time() {
		let text = stage(&StageView::Open { deadline: 0 });
		assert_eq!(text, "waits for verdicts until 1970-01-01 00:00:00");
		assert_eq!(stage(&StageView::Anchored { at: 0 }), "anchored on 1970-01-01 00:00:00");
	}
}
