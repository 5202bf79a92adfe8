// SPDX-License-Identifier: Apache-2.0

//! `salus consent`: who may read what.

use crate::{
	commands::record::subject,
	context::{Context, Me},
	document,
	output::{facts, or_dash, short, table},
	reading_room::look_up,
	values::{Party, Span, when},
};
use anyhow::{anyhow, bail};
use clap::Subcommand;
use salus_client::{
	At, Chain, calls,
	keystore::Secrets,
	types::{
		Basis, Decision, GrantKeys, Grantee, ListedGrant, Mismatch, RevocationStrength, Scope,
		Standing, Step, Terms,
	},
};
use salus_envelope::{
	Addressee, AgreementPublic, CiphertextHash, CompartmentPublic, CompartmentSecret, EpochContext,
	PrivateKey, PublicKey, RecordContext, Wrap,
};
use salus_primitives::{
	AccessQuestion, Action, Actions, Classes, CompartmentKey, CompartmentNo, Epoch, GrantId,
	IdentityId, IdentityKind, KeyVersion, Purpose, Purposes, ReaderKey, RecordClass, RecordId,
	Role, Window,
};
use serde_json::json;

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// Open a compartment, so that others can file records of yours in it.
	OpenCompartment {
		/// Its number. What it means stays with you.
		number: CompartmentNo,
		/// Only grants that name it, or a record in it, reach it.
		#[arg(long)]
		restricted: bool,
	},
	/// Let somebody read, or keep somebody out.
	Grant(Box<Grant>),
	/// Take a grant back. It acts from the next block on.
	Revoke {
		/// The number of the grant.
		grant: u64,
	},
	/// The grants of a patient; your own without a name.
	List {
		/// Whose.
		patient: Option<Party>,
		/// Those made to you instead.
		#[arg(long, conflicts_with = "patient")]
		to_me: bool,
		/// Also those that have ended.
		#[arg(long)]
		all: bool,
	},
	/// What the chain would answer, and why.
	Explain {
		/// For which record.
		record: RecordId,
		/// Who would ask; yourself without a name.
		#[arg(long, value_name = "PARTY")]
		reader: Option<Party>,
		/// What for.
		#[arg(long, default_value = "TREAT")]
		purpose: Purpose,
		/// To do what.
		#[arg(long, default_value = "access")]
		action: Action,
	},
}

#[derive(clap::Args, Debug)]
pub(crate) struct Grant {
	/// To whom: a person or an organisation.
	#[arg(required_unless_present = "role")]
	grantee: Option<Party>,
	/// To everybody in a role, at the organisation named as grantee or anywhere.
	#[arg(long)]
	role: Option<Role>,
	/// One record.
	#[arg(long, group = "scope")]
	record: Option<RecordId>,
	/// The records of these classes, in every open compartment that is not restricted.
	#[arg(long, group = "scope", value_name = "CLASS", value_delimiter = ',')]
	classes: Vec<RecordClass>,
	/// Every record in one compartment [default: compartment 0].
	#[arg(long, group = "scope", value_name = "NUMBER")]
	compartment: Option<CompartmentNo>,
	/// What for, and what that implies.
	#[arg(long, value_delimiter = ',', default_value = "TREAT")]
	purpose: Vec<Purpose>,
	/// To do what.
	#[arg(long, value_delimiter = ',', default_value = "access")]
	action: Vec<Action>,
	/// For how long.
	#[arg(long = "for", value_name = "SPAN", default_value = "30d")]
	length: Span,
	/// How often at most.
	#[arg(long)]
	uses: Option<u32>,
	/// Keep out instead, whatever else permits.
	#[arg(long, conflicts_with = "uses")]
	deny: bool,
}

pub(crate) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
	match command {
		Command::OpenCompartment { number, restricted } => {
			open_compartment(context, number, restricted).await
		},
		Command::Grant(grant) => self::grant(context, *grant).await,
		Command::Revoke { grant } => revoke(context, GrantId(grant)).await,
		Command::List { patient, to_me, all } => list(context, patient, to_me, all).await,
		Command::Explain { record, reader, purpose, action } => {
			explain(context, record, reader, purpose, action).await
		},
	}
}

async fn open_compartment(
	context: &Context,
	number: CompartmentNo,
	restricted: bool,
) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let me = context.me(&chain.best().await?, &secrets).await?;
	let key = *secrets.compartment(number, 0).public().as_bytes();
	let call = calls::consent::open_compartment(me.id, number, key, restricted);
	context.submit(&chain, &call, &secrets.signer()).await?;
	let answer = json!({
		"patient": me.id,
		"compartment": number,
		"epoch": 0,
		"key": format!("0x{}", hex::encode(key)),
		"restricted": restricted,
	});
	context.out.say(&answer, || format!("compartment {number} is open: others can file into it"))
}

async fn grant(context: &Context, grant: Grant) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let grantee = grantee(context, &at, &grant).await?;
	let scope = match (grant.record, grant.classes.as_slice()) {
		(Some(record), _) => Scope::Record(record),
		(None, []) => Scope::Compartment(grant.compartment.unwrap_or(0)),
		(None, classes) => Scope::Subject(classes_of(classes)),
	};
	let decision =
		if grant.deny { Decision::Deny { override_in_emergency: false } } else { Decision::Permit };
	let keys = match (decision, key_holder(&grantee)) {
		(Decision::Permit, Some(holder)) => {
			Wrapping { chain: &chain, at: &at, secrets: &secrets, me: &me }
				.keys(holder, &scope)
				.await?
		},
		_ => GrantKeys::None,
	};
	let from = at.now().await?;
	let window = Window { from, until: from.saturating_add(grant.length.0) };
	let call = calls::consent::grant(
		me.id,
		grantee,
		decision,
		scope,
		Purposes::of(&grant.purpose),
		Actions::of(&grant.action),
		None,
		window,
		grant.uses,
		Basis::Consent,
		None,
		keys,
	);
	let receipt = context.submit(&chain, &call, &secrets.signer()).await?;
	let id: GrantId = receipt.first_field("Consent", "Granted").ok_or_else(|| {
		anyhow!("the chain does not say the number of the grant: see `consent list`")
	})?;
	let answer = json!({
		"grant": id,
		"grantee": grantee,
		"decision": decision,
		"scope": scope,
		"window": window,
		"uses": grant.uses,
	});
	context.out.say(&answer, || {
		facts(&[
			("grant", id.to_string()),
			("grantee", grantee_text(&grantee)),
			("speaks of", scope_text(&scope)),
			("until", when(window.until)),
		])
	})
}

async fn grantee(context: &Context, at: &At, grant: &Grant) -> anyhow::Result<Grantee> {
	let named = match &grant.grantee {
		Some(party) => Some(context.identity(at, party).await?),
		None => None,
	};
	if let Some(role) = grant.role {
		return Ok(Grantee::Role { organisation: named, role });
	}
	let id = named.ok_or_else(|| anyhow!("to whom? Name a party, or --role"))?;
	let view = at.identity(id).await?;
	let view = view.ok_or_else(|| anyhow!("there is no identity {id}: check the id"))?;
	Ok(match view.kind {
		IdentityKind::Organisation => Grantee::Organisation(id),
		_ => Grantee::Identity(id),
	})
}

/// Whose agreement key the keys of a grant are sealed to; a role has none.
fn key_holder(grantee: &Grantee) -> Option<IdentityId> {
	match grantee {
		Grantee::Identity(id) | Grantee::Organisation(id) => Some(*id),
		Grantee::Role { .. } => None,
	}
}

fn classes_of(classes: &[RecordClass]) -> Classes {
	Classes(classes.iter().fold(0, |bits, class| bits | 1 << (*class as u8)))
}

/// A patient sealing secrets to a grantee.
struct Wrapping<'a> {
	chain: &'a Chain,
	at: &'a At,
	secrets: &'a Secrets,
	me: &'a Me,
}

impl Wrapping<'_> {
	async fn keys(&self, holder: IdentityId, scope: &Scope) -> anyhow::Result<GrantKeys> {
		let holder_view = self.at.identity(holder).await?;
		let agreement =
			holder_view.ok_or_else(|| anyhow!("there is no identity {holder}"))?.agreement;
		let (version, key) = (agreement.version, AgreementPublic::from_bytes(agreement.key)?);
		let compartments = self.at.compartments(self.me.id).await?;
		let open = compartments.iter().map(|(number, compartment)| {
			(*number, compartment.epoch, compartment.key, compartment.restricted)
		});
		let reached: Vec<_> = match scope {
			Scope::Record(record) => {
				return self.record_key(*record, holder, version, &key).await;
			},
			Scope::Compartment(number) => open.filter(|(open, ..)| open == number).collect(),
			Scope::Subject(_) => open.filter(|(.., restricted)| !restricted).collect(),
		};
		if reached.is_empty() {
			bail!("no open compartment is reached: open one with `salus consent open-compartment`");
		}
		let keys = reached.into_iter().map(|(number, epoch, public, _)| {
			let secret = self.compartment(number, epoch, public)?;
			let place = EpochContext {
				genesis: self.chain.genesis(),
				subject: self.me.id.0,
				compartment: number,
				epoch,
			};
			let wrap = secret.wrap(&place, &Addressee::identity(&holder.0, version), &key)?;
			Ok(CompartmentKey { compartment: number, epoch, key_version: version, wrap: wrap.0 })
		});
		Ok(GrantKeys::Compartments(keys.collect::<anyhow::Result<_>>()?))
	}

	/// The share of one record, from the patient's own wrap to the grantee's: never the compartment.
	async fn record_key(
		&self,
		record: RecordId,
		holder: IdentityId,
		key_version: KeyVersion,
		key: &AgreementPublic,
	) -> anyhow::Result<GrantKeys> {
		let (view, version) = look_up(self.at, record, None).await?;
		if view.subject != self.me.id {
			bail!("record {record} is another patient's: grant your own");
		}
		let Some(wrapped) = version.key else { bail!("the record was retracted: nothing is left") };
		let compartment = self.at.compartment(self.me.id, view.compartment).await?;
		let compartment = compartment.filter(|compartment| compartment.epoch == wrapped.epoch);
		let compartment =
			compartment.ok_or_else(|| anyhow!("the record lies in an epoch that is not shown"))?;
		let secret = self.compartment(view.compartment, wrapped.epoch, compartment.key)?;
		let place = RecordContext {
			genesis: self.chain.genesis(),
			record: record.0,
			version: version.number,
			ciphertext_hash: CiphertextHash(version.content.0),
		};
		let own = Addressee::compartment(&self.me.id.0, view.compartment, wrapped.epoch);
		let share = Wrap(wrapped.wrap).open_share(&place, &own, &secret)?;
		let wrap = share.wrap(&place, &Addressee::identity(&holder.0, key_version), key)?;
		Ok(GrantKeys::Record(ReaderKey { version: version.number, key_version, wrap: wrap.0 }))
	}

	fn compartment(
		&self,
		number: CompartmentNo,
		epoch: Epoch,
		public: [u8; 32],
	) -> anyhow::Result<CompartmentSecret> {
		let public = CompartmentPublic::from_bytes(public)?;
		self.secrets.compartment_for(number, epoch, &public).ok_or_else(|| {
			anyhow!(
				"this keystore does not hold the key of compartment {number}: use the one it was \
				 opened with"
			)
		})
	}
}

async fn revoke(context: &Context, grant: GrantId) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let call = calls::consent::revoke(grant, RevocationStrength::Lazy);
	let receipt = context.submit(&chain, &call, &secrets.signer()).await?;
	let answer = json!({
		"grant": grant,
		"revoked": true,
		"block": format!("0x{}", hex::encode(receipt.block)),
	});
	context.out.say(&answer, || {
		format!(
			"grant {grant} is revoked: no key share leaves on it any more; what was read stays read"
		)
	})
}

async fn list(
	context: &Context,
	patient: Option<Party>,
	to_me: bool,
	all: bool,
) -> anyhow::Result<()> {
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let who = subject(context, &at, patient).await?;
	let mut grants = if to_me {
		let mut found = at.all_grants_to(Grantee::Identity(who)).await?;
		found.extend(at.all_grants_to(Grantee::Organisation(who)).await?);
		found
	} else {
		at.all_grants_of(who).await?
	};
	grants.retain(|listed| all || matches!(listed.standing, Standing::InForce | Standing::NotYet));
	let compartments = if to_me { Vec::new() } else { at.compartments(who).await? };
	let answer = json!({ "grants": grants, "compartments": compartments });
	context.out.say(&answer, || {
		let rows = grants.iter().map(|listed| row(listed, to_me)).collect();
		let whom = if to_me { "patient" } else { "grantee" };
		let head = [
			"grant",
			"decides",
			whom,
			"speaks of",
			"purposes",
			"until (UTC)",
			"uses left",
			"standing",
		];
		let grants = table(head, rows, "no grants");
		if compartments.is_empty() {
			return grants;
		}
		let rows = compartments.iter().map(|(number, compartment)| {
			[
				number.to_string(),
				compartment.epoch.to_string(),
				if compartment.restricted { "yes" } else { "no" }.into(),
				when(compartment.opened_at),
			]
		});
		let head = ["compartment", "epoch", "restricted", "opened (UTC)"];
		format!("{grants}\n\n{}", table(head, rows.collect(), ""))
	})
}

fn row(listed: &ListedGrant, to_me: bool) -> [String; 8] {
	let Terms { decision, scope, purposes, window, .. } = &listed.grant.terms;
	let purposes: Vec<_> = purposes.iter().map(|purpose| purpose.to_string()).collect();
	let whom =
		if to_me { listed.grant.subject.to_string() } else { grantee_text(&listed.grant.grantee) };
	[
		listed.id.to_string(),
		match decision {
			Decision::Permit => "permit".into(),
			Decision::Deny { .. } => "deny".into(),
		},
		whom,
		scope_text(scope),
		purposes.join(" "),
		when(window.until),
		or_dash(&listed.grant.uses_left),
		standing_text(listed.standing).into(),
	]
}

fn grantee_text(grantee: &Grantee) -> String {
	match grantee {
		Grantee::Identity(id) => id.to_string(),
		Grantee::Organisation(id) => format!("organisation {id}"),
		Grantee::Role { organisation: Some(id), role } => format!("every {role} of {}", short(id)),
		Grantee::Role { organisation: None, role } => format!("every {role}"),
	}
}

fn scope_text(scope: &Scope) -> String {
	match scope {
		Scope::Record(record) => format!("record {}", short(record)),
		Scope::Compartment(number) => format!("compartment {number}"),
		Scope::Subject(classes) if *classes == Classes::ALL => "all records".into(),
		Scope::Subject(classes) => {
			let known = RecordClass::ALL.iter().filter(|class| classes.contains(**class));
			known.map(|class| class.to_string()).collect::<Vec<_>>().join(" ")
		},
	}
}

fn standing_text(standing: Standing) -> &'static str {
	match standing {
		Standing::NotYet => "not yet",
		Standing::InForce => "in force",
		Standing::Expired => "expired",
		Standing::UsedUp => "used up",
		Standing::Revoked => "revoked",
	}
}

async fn explain(
	context: &Context,
	record: RecordId,
	reader: Option<Party>,
	purpose: Purpose,
	action: Action,
) -> anyhow::Result<()> {
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let reader = subject(context, &at, reader).await?;
	let question = AccessQuestion { reader, record, purpose, action };
	let (best, finalised) = (
		at.explain_access(question).await?,
		chain.finalized().await?.check_access(question).await?,
	);
	let answer = json!({
		"question": question,
		"explanation": best,
		"atFinalisedBlock": finalised,
		"at": document::now(),
	});
	context.out.say(&answer, || {
		let mut head = vec![
			("answer", best.decision.to_string()),
			("decided by", step_text(best.step).into()),
		];
		if finalised != best.decision {
			head.push((
				"final block",
				format!("{finalised}: the custodian follows the stricter one"),
			));
		}
		let rows = best.examined.iter().map(|examined| {
			[
				examined.rule.grant.to_string(),
				match examined.rule.terms.decision {
					Decision::Permit => "permit".into(),
					Decision::Deny { .. } => "deny".into(),
				},
				grantee_text(&examined.grantee),
				scope_text(&examined.rule.terms.scope),
				examined.mismatch.map_or("matches", mismatch_text).into(),
			]
		});
		let rows: Vec<_> = rows.collect();
		let looked_at = table(
			["grant", "decides", "grantee", "speaks of", "result"],
			rows,
			"no grants looked at",
		);
		format!("{}\n\n{looked_at}", facts(&head))
	})
}

fn step_text(step: Step) -> &'static str {
	match step {
		Step::Record => "whether there is such a record",
		Step::Reader => "whether the reader is an active identity",
		Step::Subject => "whether the record is the reader's own",
		Step::Author => "whether the reader's side wrote it",
		Step::Deny => "a grant that denies",
		Step::Permit => "a grant that permits",
		Step::Default => "the default, because no grant spoke",
	}
}

fn mismatch_text(mismatch: Mismatch) -> &'static str {
	match mismatch {
		Mismatch::Scope => "speaks of other records",
		Mismatch::Restricted => "does not name the restricted compartment",
		Mismatch::Purpose => "is for other purposes",
		Mismatch::Action => "is for other actions",
		Mismatch::DataPeriod => "is for another period of records",
		Mismatch::NotYet => "has not begun",
		Mismatch::Expired => "has expired",
		Mismatch::UsedUp => "is used up",
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn classes_are_bits_by_their_index() {
		let classes = classes_of(&[RecordClass::Clinical, RecordClass::DeviceData]);
		assert_eq!(classes, Classes(0b100_0001));
		assert_eq!(scope_text(&Scope::Subject(classes)), "clinical device-data");
		assert_eq!(scope_text(&Scope::Subject(Classes::ALL)), "all records");
	}

	#[test]
	fn a_role_holds_no_key() {
		let role = Grantee::Role { organisation: None, role: Role::Nurse };
		assert_eq!(key_holder(&role), None);
		let id = IdentityId([1; 32]);
		assert_eq!(key_holder(&Grantee::Organisation(id)), Some(id));
	}
}
