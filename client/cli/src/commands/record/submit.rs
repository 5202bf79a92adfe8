// SPDX-License-Identifier: Apache-2.0

//! Filing: one document becomes one record, or each resource of a bundle becomes one.

use super::{split, stage};
use crate::{
	context::{Context, Me},
	document,
	filing::{Filed, Filing, Judges, Place},
	output::{facts, or_dash},
	values::Party,
};
use anyhow::bail;
use salus_client::{At, Chain, custodian::Custodian, keystore::Secrets};
use salus_primitives::{CompartmentNo, IdentityId, IdentityKind, RecordClass};
use std::path::PathBuf;

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
	#[command(flatten)]
	judging: Judging,
	#[command(flatten)]
	splitting: split::Splitting,
}

/// Who gives the verdicts that anchor a document at once.
#[derive(clap::Args, Debug, Default)]
pub(crate) struct Judging {
	/// A keystore or home of a validator at this gateway: their verdicts anchor it at once.
	#[arg(long, value_name = "FILE")]
	attest_with: Vec<PathBuf>,
	/// The validation gateway of your organisation: its verdicts anchor it at once.
	#[arg(long, value_name = "URL", conflicts_with = "attest_with")]
	gateway: Option<String>,
}

impl Judging {
	/// Whether nobody was named, so that what is filed waits.
	pub(crate) fn names_nobody(&self) -> bool {
		self.attest_with.is_empty() && self.gateway.is_none()
	}

	/// A gateway alone.
	#[cfg(test)]
	pub(crate) fn gateway(url: &str) -> Self {
		Self { attest_with: Vec::new(), gateway: Some(url.into()) }
	}

	/// Opens the keystores that were named, before anything is asked of the network.
	pub(crate) fn attestors(&self, context: &Context) -> anyhow::Result<Vec<Secrets>> {
		self.attest_with.iter().map(|path| context.secrets_of(path)).collect()
	}

	/// Connects to the gateway that was named.
	pub(crate) async fn judges(
		&self,
		chain: &Chain,
		attestors: Vec<Secrets>,
	) -> anyhow::Result<Judges> {
		match &self.gateway {
			Some(url) => {
				let gateway = Custodian::connect(url, chain.genesis()).await?;
				Ok(Judges::Gateway(Box::new(gateway)))
			},
			None => Ok(Judges::Keystores(attestors)),
		}
	}
}

pub(super) async fn submit(context: &Context, submit: Submit) -> anyhow::Result<()> {
	// Before the network: a bad document is refused wherever one is.
	let bytes = document::read(&submit.file)?;
	let splitting = submit.splitting;
	let whole = match splitting.is_on() {
		true => split::Whole::Parts(splitting.read(bytes, &submit.judging)?),
		false => split::Whole::One(document::validate(bytes, document::now())?),
	};
	let secrets = context.secrets()?;
	let attestors = submit.judging.attestors(context)?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let subject = patient(context, &at, &me, submit.patient.as_ref()).await?;
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
	let judges = submit.judging.judges(&chain, attestors).await?;
	let filing = Filing { context, chain: &chain, secrets: &secrets, me: &me };
	match whole {
		split::Whole::One(valid) => {
			let filed = filing.file(&valid, place, &judges).await?;
			say_filed(context, &filed)
		},
		split::Whole::Parts(bundle) => bundle.file(&filing, place, &judges).await,
	}
}

/// Whom a document is about: the one who was named, or the patient whose keystore this is.
pub(super) async fn patient(
	context: &Context,
	at: &At,
	me: &Me,
	named: Option<&Party>,
) -> anyhow::Result<IdentityId> {
	match named {
		Some(party) => context.identity(at, party).await,
		None if me.view.kind == IdentityKind::Patient => Ok(me.id),
		None => bail!("whom is it about? Name the patient with --patient"),
	}
}

/// Where a practitioner works, when that is one place only.
pub(super) async fn default_organisation(at: &At, me: &Me) -> anyhow::Result<Option<IdentityId>> {
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
			("search tags", or_dash(&filed.tags)),
		])
	})
}
