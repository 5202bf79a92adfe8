// SPDX-License-Identifier: Apache-2.0

//! Sealing the keys that a grant hands over: compartments' secrets, or the share of one record.

use super::terms::key_holder;
use crate::reading_room::{ReadingRoom, look_up};
use anyhow::{anyhow, bail};
use salus_client::{
	At,
	epochs::Place,
	types::{Compartment, Decision, Grant, GrantKeys, Grantee, ListedGrant, Scope, Standing},
};
use salus_envelope::{
	Addressee, AgreementPublic, CiphertextHash, CompartmentSecret, RecordContext,
};
use salus_primitives::{
	CompartmentKey, CompartmentNo, Epoch, GrantId, GrantWrap, IdentityId, KeyVersion, ReaderKey,
	RecordId, Wrap,
};
use std::collections::{BTreeMap, btree_map::Entry};

/// How many compartment secrets one grant carries at most.
const MOST_COMPARTMENTS: usize = 8;

/// Somebody who can be sealed to: an agreement key and its version.
pub(super) struct Recipient {
	id: IdentityId,
	pub(super) version: KeyVersion,
	key: AgreementPublic,
}

impl Recipient {
	/// The current agreement key of an identity.
	pub(super) async fn current(at: &At, id: IdentityId) -> anyhow::Result<Self> {
		let view = at.identity(id).await?;
		let view = view.ok_or_else(|| anyhow!("there is no identity {id}: check the id"))?;
		let key = AgreementPublic::from_bytes(view.agreement.key)?;
		Ok(Self { id, version: view.agreement.version, key })
	}

	fn addressee(&self) -> Addressee {
		Addressee::identity(&self.id.0, self.version)
	}

	/// The secret of an epoch, sealed to it.
	pub(super) fn seal(
		&self,
		place: &Place,
		epoch: Epoch,
		secret: &CompartmentSecret,
	) -> anyhow::Result<Wrap> {
		Ok(secret.wrap(&place.epoch(epoch), &self.addressee(), &self.key)?.0)
	}
}

/// Somebody sealing what it can open of a patient to others.
pub(super) struct Wrapping<'a> {
	pub(super) room: &'a ReadingRoom<'a>,
	pub(super) at: &'a At,
	/// Whose records they are.
	pub(super) subject: IdentityId,
}

impl Wrapping<'_> {
	/// The keys of a grant: none for denials and roles.
	pub(super) async fn keys(
		&self,
		decision: Decision,
		grantee: &Grantee,
		scope: &Scope,
	) -> anyhow::Result<GrantKeys> {
		match (decision, key_holder(grantee)) {
			(Decision::Permit, Some(holder)) => {
				let to = Recipient::current(self.at, holder).await?;
				self.keys_for(&to, scope).await
			},
			_ => Ok(GrantKeys::None),
		}
	}

	async fn keys_for(&self, to: &Recipient, scope: &Scope) -> anyhow::Result<GrantKeys> {
		if let Scope::Record(record) = scope {
			return self.record_key(*record, to).await;
		}
		let compartments = self.at.compartments(self.subject).await?;
		let reached: Vec<_> = compartments
			.into_iter()
			.filter(|(number, compartment)| reaches(scope, *number, compartment))
			.collect();
		if reached.is_empty() {
			bail!("no open compartment is reached: open one with `salus consent open-compartment`");
		}
		if reached.len() > MOST_COMPARTMENTS {
			bail!(
				"the grant would hand over the keys of {} compartments, and carries \
				 {MOST_COMPARTMENTS}: grant fewer, with --compartment",
				reached.len()
			);
		}
		let mut keys = Vec::new();
		for (compartment, Compartment { epoch, .. }) in reached {
			let secret = self.secret(compartment, epoch).await?;
			let wrap = to.seal(&self.place(compartment), epoch, &secret)?;
			keys.push(CompartmentKey { compartment, epoch, key_version: to.version, wrap });
		}
		Ok(GrantKeys::Compartments(keys))
	}

	/// The share of one record, from the own wrap to the grantee's: never the compartment.
	async fn record_key(&self, record: RecordId, to: &Recipient) -> anyhow::Result<GrantKeys> {
		let (view, version) = look_up(self.at, record, None).await?;
		if view.subject != self.subject {
			bail!("record {record} is another patient's: name one of the right patient");
		}
		let share = self.room.reader_share(self.at, &view, &version).await?;
		let place = RecordContext {
			genesis: self.room.chain.genesis(),
			record: record.0,
			version: version.number,
			ciphertext_hash: CiphertextHash(version.content.0),
		};
		let wrap = share.wrap(&place, &to.addressee(), &to.key)?.0;
		let (version, key_version) = (version.number, to.version);
		Ok(GrantKeys::Record(ReaderKey { version, key_version, wrap }))
	}

	pub(super) fn place(&self, compartment: CompartmentNo) -> Place {
		let genesis = self.room.chain.genesis();
		Place { genesis, subject: self.subject, compartment }
	}

	pub(super) async fn secret(
		&self,
		compartment: CompartmentNo,
		epoch: Epoch,
	) -> anyhow::Result<CompartmentSecret> {
		self.room.secret_of_epoch(self.at, self.subject, compartment, epoch).await
	}

	/// A secret sealed to the grantees of grants, each grantee's key looked up once.
	pub(super) async fn grant_wraps(
		&self,
		place: &Place,
		epoch: Epoch,
		secret: &CompartmentSecret,
		grants: &[ListedGrant],
	) -> anyhow::Result<Vec<GrantWrap>> {
		let mut wraps = Vec::new();
		let mut known: BTreeMap<IdentityId, Recipient> = BTreeMap::new();
		for listed in grants {
			let Some(holder) = key_holder(&listed.grant.grantee) else { continue };
			let to = match known.entry(holder) {
				Entry::Occupied(found) => found.into_mut(),
				Entry::Vacant(place) => place.insert(Recipient::current(self.at, holder).await?),
			};
			let wrap = to.seal(place, epoch, secret)?;
			wraps.push(GrantWrap { grant: listed.id, key_version: to.version, wrap });
		}
		Ok(wraps)
	}
}

/// The grants that can still act, with those that were passed on below them.
pub(super) async fn live_grants(at: &At, subject: IdentityId) -> anyhow::Result<Vec<ListedGrant>> {
	let mut found: BTreeMap<GrantId, ListedGrant> = BTreeMap::new();
	for listed in at.all_grants_of(subject).await? {
		if listed.grant.delegable && listed.grant.root.is_none() {
			let below = at.sub_grants(listed.id).await?;
			found.extend(below.into_iter().map(|listed| (listed.id, listed)));
		}
		found.insert(listed.id, listed);
	}
	Ok(found.into_values().filter(is_live).collect())
}

fn is_live(listed: &ListedGrant) -> bool {
	matches!(listed.standing, Standing::InForce | Standing::NotYet)
}

/// Whether a grant hands over the key of a compartment.
pub(super) fn hands_over(grant: &Grant, number: CompartmentNo, compartment: &Compartment) -> bool {
	grant.terms.decision == Decision::Permit
		&& key_holder(&grant.grantee).is_some()
		&& reaches(&grant.terms.scope, number, compartment)
}

/// Whether a permit of this scope reaches a compartment as a whole.
pub(super) fn reaches(scope: &Scope, number: CompartmentNo, compartment: &Compartment) -> bool {
	match scope {
		Scope::Record(_) => false,
		Scope::Compartment(named) => *named == number,
		Scope::Subject(_) => !compartment.restricted,
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_envelope::{AgreementSecret, CompartmentPublic, PrivateKey, PublicKey, Secret};
	use salus_primitives::{Classes, RecordId};

	#[test]
	fn a_sealed_epoch_opens_for_its_recipient_in_its_place_alone() {
		let (mine, secret) =
			(AgreementSecret::from_bytes([3; 32]), CompartmentSecret::from_bytes([4; 32]));
		let id = IdentityId([5; 32]);
		let to = Recipient { id, version: 2, key: mine.public() };
		let place = Place { genesis: [1; 32], subject: IdentityId([2; 32]), compartment: 7 };
		let wrap = salus_envelope::Wrap(to.seal(&place, 9, &secret).unwrap());
		let public = CompartmentPublic::from_bytes(*secret.public().as_bytes()).unwrap();
		let open = |epoch, version| {
			let addressee = Addressee::identity(&id.0, version);
			wrap.open_compartment(&place.epoch(epoch), &addressee, &mine, &public).is_ok()
		};
		assert!(open(9, 2));
		assert!(!open(8, 2) && !open(9, 1));
	}

	#[test]
	fn wide_scopes_stop_at_restricted_compartments_and_records_carry_no_compartment() {
		let row = |restricted| Compartment {
			epoch: 0,
			key: [0; 32],
			restricted,
			opened_at: 0,
			rotation_due: false,
		};
		let all = Scope::Subject(Classes::ALL);
		assert!(reaches(&all, 3, &row(false)));
		assert!(!reaches(&all, 3, &row(true)));
		assert!(reaches(&Scope::Compartment(3), 3, &row(true)));
		assert!(!reaches(&Scope::Compartment(4), 3, &row(false)));
		assert!(!reaches(&Scope::Record(RecordId([1; 32])), 3, &row(false)));
	}
}
