// SPDX-License-Identifier: Apache-2.0

//! Taking grants back, in three strengths.

use super::{
	compartments::{Patient, Rotated},
	terms::grantee_of,
	words::grantee_text,
	wrapping::reaches,
};
use crate::{
	commands::record::seal_anew,
	context::{Context, Me},
	filing::Filing,
	output::{facts, table},
	values::Party,
};
use anyhow::{anyhow, bail};
use clap::ValueEnum;
use salus_client::{
	At, Call, Chain, calls,
	keystore::Secrets,
	types::{Grantee, ListedGrant, RecordView, RevocationStrength, Scope, Standing, Terms},
};
use salus_primitives::{CompartmentNo, GrantId, Purpose, RecordId, RecordVersion, Role};
use serde::Serialize;
use serde_json::json;

/// How far a revocation reaches, as it is typed.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Strength {
	/// No key share is released any more.
	Lazy,
	/// The compartments get new keys as well: what is filed from now on is sealed to those.
	Rotate,
	/// What was filed before is sealed anew as well, and the old key shares are destroyed.
	Reseal,
}

impl From<Strength> for RevocationStrength {
	fn from(strength: Strength) -> Self {
		match strength {
			Strength::Lazy => Self::Lazy,
			Strength::Rotate => Self::EpochRotated,
			Strength::Reseal => Self::Resealed,
		}
	}
}

#[derive(clap::Args, Debug)]
pub(crate) struct Revoke {
	/// The number of the grant.
	grant: u64,
	/// How far it reaches.
	#[arg(long, value_enum, default_value = "lazy")]
	strength: Strength,
}

#[derive(clap::Args, Debug)]
pub(crate) struct RevokeAll {
	/// From whom: a person or an organisation.
	#[arg(required_unless_present = "role")]
	grantee: Option<Party>,
	/// From everybody in a role, at the organisation named as grantee or anywhere.
	#[arg(long)]
	role: Option<Role>,
	/// How far it reaches.
	#[arg(long, value_enum, default_value = "lazy")]
	strength: Strength,
}

/// A record that was, or was not, sealed anew.
#[derive(Serialize, Debug)]
struct Resealed {
	record: RecordId,
	/// The version with new keys; none where it could not be done.
	version: Option<RecordVersion>,
	/// Why not.
	#[serde(skip_serializing_if = "Option::is_none")]
	left: Option<String>,
}

pub(super) async fn revoke(context: &Context, args: Revoke) -> anyhow::Result<()> {
	let id = GrantId(args.grant);
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	if args.strength == Strength::Lazy {
		// The quickest way out: one transaction, and nothing that could hold it up.
		let call = calls::consent::revoke(id, RevocationStrength::Lazy);
		let receipt = context.submit(&chain, &call, &secrets.signer()).await?;
		let answer = json!({
			"grant": id,
			"revoked": true,
			"block": format!("0x{}", hex::encode(receipt.block)),
		});
		return context.out.say(&answer, || {
			format!(
				"grant {id} is revoked: no key share leaves on it any more; what was read stays read"
			)
		});
	}
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let listed = at.grant(id).await?;
	let listed = listed.ok_or_else(|| anyhow!("there is no grant {id}: see `consent list`"))?;
	let call = calls::consent::revoke(id, args.strength.into());
	let leaving = Leaving { context, chain: &chain, secrets: &secrets, me: &me };
	leaving.go(&at, &call, &[listed], args.strength).await
}

pub(super) async fn revoke_all(context: &Context, args: RevokeAll) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let named = match &args.grantee {
		Some(party) => Some(context.identity(&at, party).await?),
		None => None,
	};
	let grantee = match (args.role, named) {
		(Some(role), organisation) => Grantee::Role { organisation, role },
		(None, Some(id)) => grantee_of(&at, id).await?,
		(None, None) => bail!("from whom? Name a party, or --role"),
	};
	let mut grants = at.all_grants_of(me.id).await?;
	grants.retain(|listed| {
		let is_live = matches!(listed.standing, Standing::InForce | Standing::NotYet);
		listed.grant.grantee == grantee && is_live
	});
	if grants.is_empty() {
		bail!("nothing is granted to {}: see `salus consent list`", grantee_text(&grantee));
	}
	let call = calls::consent::revoke_all(me.id, grantee, args.strength.into());
	let leaving = Leaving { context, chain: &chain, secrets: &secrets, me: &me };
	leaving.go(&at, &call, &grants, args.strength).await
}

/// A patient closing behind somebody.
struct Leaving<'a> {
	context: &'a Context,
	chain: &'a Chain,
	secrets: &'a Secrets,
	me: &'a Me,
}

impl Leaving<'_> {
	/// Revokes first, which acts at once; then the keys, then the records, each of which can be done
	/// again should it be interrupted.
	async fn go(
		&self,
		at: &At,
		call: &Call,
		grants: &[ListedGrant],
		strength: Strength,
	) -> anyhow::Result<()> {
		let is_mine = grants.iter().all(|listed| listed.grant.subject == self.me.id);
		if !is_mine && strength != Strength::Lazy {
			bail!(
				"only the patient rotates keys and seals records anew: revoke with --strength lazy, and \
				 tell the patient"
			);
		}
		self.context.submit(self.chain, call, &self.secrets.signer()).await?;
		let rotated = match strength {
			Strength::Lazy => Vec::new(),
			_ => self.rotate_reached(at, grants).await?,
		};
		let resealed = match strength {
			Strength::Reseal => self.reseal_reached(grants).await?,
			_ => Vec::new(),
		};
		let ids: Vec<_> = grants.iter().map(|listed| listed.id).collect();
		let answer = json!({
			"grants": ids,
			"revoked": true,
			"strength": RevocationStrength::from(strength),
			"rotated": rotated,
			"records": resealed,
		});
		self.context.out.say(&answer, || said(&ids, &rotated, &resealed, strength))?;
		let left = resealed.iter().filter(|one| one.left.is_some()).count();
		if left > 0 {
			bail!(
				"{left} of {} records have their old keys still: do what the list says, and seal them \
				 with `salus record reseal`",
				resealed.len()
			);
		}
		Ok(())
	}

	async fn rotate_reached(
		&self,
		at: &At,
		grants: &[ListedGrant],
	) -> anyhow::Result<Vec<Rotated>> {
		let patient = Patient {
			context: self.context,
			chain: self.chain,
			secrets: self.secrets,
			me: self.me,
		};
		let mut rotated = Vec::new();
		for (number, compartment) in at.compartments(self.me.id).await? {
			let reached = grants
				.iter()
				.any(|listed| reaches(&listed.grant.terms.scope, number, &compartment));
			if reached {
				let done = patient.rotate(number).await.map_err(|error| stopped(number, &error));
				rotated.push(done?);
			}
		}
		Ok(rotated)
	}

	/// Seals every record anew that the grants let read. One that cannot be is told, and the others
	/// are done.
	async fn reseal_reached(&self, grants: &[ListedGrant]) -> anyhow::Result<Vec<Resealed>> {
		let at = self.chain.best().await?;
		let compartments = at.compartments(self.me.id).await?;
		let restricted = |number: CompartmentNo| {
			compartments.iter().any(|(open, row)| *open == number && row.restricted)
		};
		let mut done = Vec::new();
		for record in at.all_records_of(self.me.id, usize::MAX).await? {
			let is_restricted = restricted(record.compartment);
			let reached = grants.iter().any(|one| covers(&one.grant.terms, &record, is_restricted));
			if !reached {
				continue;
			}
			let result = self.reseal(record.id).await;
			let left =
				result.as_ref().err().map(|error| salus_client::one_line(&format!("{error:#}")));
			done.push(Resealed { record: record.id, version: result.ok(), left });
		}
		Ok(done)
	}

	async fn reseal(&self, record: RecordId) -> anyhow::Result<RecordVersion> {
		let Self { context, chain, secrets, me } = *self;
		let filing = Filing { context, chain, secrets, me };
		let (version, left) = seal_anew(&filing, record, Some(Purpose::Patrqt)).await?;
		match left.as_slice() {
			[] => Ok(version),
			left => bail!(
				"sealed anew as version {version}, but old key shares are left ({})",
				left.join("; ")
			),
		}
	}
}

fn stopped(number: CompartmentNo, error: &anyhow::Error) -> anyhow::Error {
	anyhow!(
		"the grants are revoked, but compartment {number} has its old key still: finish with `salus \
		 consent rotate-compartment {number}` ({error:#})"
	)
}

/// Whether terms let read a record, leaving time and purpose aside.
fn covers(terms: &Terms, record: &RecordView, restricted: bool) -> bool {
	let in_scope = match terms.scope {
		Scope::Record(id) => id == record.id,
		Scope::Compartment(number) => number == record.compartment,
		Scope::Subject(classes) => !restricted && classes.contains(record.class),
	};
	in_scope && terms.data_period.is_none_or(|period| period.is_open_at(record.created))
}

fn said(ids: &[GrantId], rotated: &[Rotated], resealed: &[Resealed], strength: Strength) -> String {
	let ids: Vec<_> = ids.iter().map(|id| id.to_string()).collect();
	let keys: Vec<_> = rotated
		.iter()
		.map(|one| format!("compartment {} at epoch {}", one.compartment, one.epoch))
		.collect();
	let mut rows = vec![("revoked", format!("grant {}", ids.join(", ")))];
	if strength != Strength::Lazy {
		let none = "none: the grants reached single records".to_owned();
		rows.push(("new keys", if keys.is_empty() { none } else { keys.join(", ") }));
	}
	let head = facts(&rows);
	if strength != Strength::Reseal {
		return format!("{head}\n\nno key share leaves on it any more; what was read stays read");
	}
	let rows = resealed.iter().map(|one| {
		let done = one.version.map(|version| format!("sealed anew as version {version}"));
		[one.record.to_string(), done.or(one.left.clone()).unwrap_or_default()]
	});
	format!("{head}\n\n{}", table(["record", "result"], rows.collect(), "no records were reached"))
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_client::types::Decision;
	use salus_primitives::{
		Action, Actions, Classes, IdentityId, Purposes, RecordClass, RecordStatus, Window,
	};

	fn record() -> RecordView {
		RecordView {
			id: RecordId([7; 32]),
			subject: IdentityId([1; 32]),
			author: IdentityId([2; 32]),
			organisation: None,
			class: RecordClass::Laboratory,
			compartment: 3,
			created: 500,
			seq: 0,
			status: RecordStatus::Validated,
			current: 1,
			newest: 1,
			awaiting: None,
			retraction: None,
			batch: None,
			legal_hold: false,
		}
	}

	fn terms(scope: Scope, data_period: Option<Window>) -> Terms {
		Terms {
			decision: Decision::Permit,
			scope,
			purposes: Purposes::of(&[Purpose::Treat]),
			actions: Actions::of(&[Action::Access]),
			data_period,
			window: Window { from: 0, until: 1 },
		}
	}

	#[test]
	fn what_a_grant_let_read_is_sealed_anew() {
		let all = Scope::Subject(Classes::ALL);
		assert!(covers(&terms(all, None), &record(), false));
		assert!(!covers(&terms(all, None), &record(), true));
		assert!(covers(&terms(Scope::Compartment(3), None), &record(), true));
		assert!(!covers(&terms(Scope::Compartment(4), None), &record(), false));
		assert!(covers(&terms(Scope::Record(RecordId([7; 32])), None), &record(), false));
		assert!(!covers(&terms(all, Window::new(501, 600)), &record(), false));
		assert!(covers(&terms(all, Window::new(500, 600)), &record(), false));
	}

	#[test]
	fn a_revocation_says_how_far_it_reached() {
		let ids = [GrantId(4), GrantId(5)];
		let lazy = said(&ids, &[], &[], Strength::Lazy);
		assert!(lazy.contains("grant 4, 5") && lazy.contains("stays read"), "{lazy}");
		let one = Resealed { record: RecordId([7; 32]), version: None, left: Some("held".into()) };
		let all = said(&ids, &[], &[one], Strength::Reseal);
		assert!(all.contains("single records") && all.contains("held"), "{all}");
	}
}
