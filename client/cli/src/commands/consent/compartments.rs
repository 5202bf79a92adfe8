// SPDX-License-Identifier: Apache-2.0

//! Compartments: opening one, giving one new keys, sealing its keys to grantees.

use super::wrapping::{Recipient, Wrapping, hands_over, live_grants};
use crate::{
	context::{Context, Me},
	output::{facts, table},
	reading_room::ReadingRoom,
};
use anyhow::{anyhow, bail};
use salus_client::{
	At, Chain, calls,
	keystore::Secrets,
	types::{Compartment, GrantKeys, ListedGrant},
};
use salus_envelope::{PrivateKey, PublicKey};
use salus_primitives::{CompartmentNo, Epoch, GrantId, GrantWrap, IdentityId};
use serde::Serialize;
use serde_json::json;

/// How many grants one call hands a new secret.
const MOST_WRAPS: usize = 32;

pub(super) async fn open(
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
	context.out.say(&answer, || {
		format!(
			"compartment {number} is open: others can file into it. Whom you have granted all records \
			 reads it after `salus consent add-wraps {number}`"
		)
	})
}

/// A compartment that has new keys.
#[derive(Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rotated {
	pub(super) compartment: CompartmentNo,
	pub(super) epoch: Epoch,
	/// The grants whose grantees were sealed the new key.
	grants: Vec<GrantId>,
	/// Who holds the new key for emergencies.
	emergency_holder: Option<IdentityId>,
}

pub(super) async fn rotate(context: &Context, number: CompartmentNo) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let me = context.me(&chain.best().await?, &secrets).await?;
	let patient = Patient { context, chain: &chain, secrets: &secrets, me: &me };
	let rotated = patient.rotate(number).await?;
	context.out.say(&rotated, || {
		let holder = rotated.emergency_holder.map_or_else(|| "nobody".into(), |id| id.to_string());
		facts(&[
			("compartment", number.to_string()),
			("epoch", rotated.epoch.to_string()),
			("sealed to grants", rotated.grants.len().to_string()),
			("emergency key", holder),
		])
	})
}

/// Seals what grantees lack: all of it again, or what an interrupted run left.
pub(super) async fn add_wraps(
	context: &Context,
	number: Option<CompartmentNo>,
) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let patient = Patient { context, chain: &chain, secrets: &secrets, me: &me };
	let mut compartments = at.compartments(me.id).await?;
	compartments.retain(|(open, _)| number.is_none_or(|number| *open == number));
	if compartments.is_empty() {
		bail!("no such compartment is open: see `salus consent list`");
	}
	let grants = live_grants(&at, me.id).await?;
	let mut added = Vec::new();
	for (number, compartment) in compartments {
		let lacking = lacking(&at, number, &compartment, &grants).await?;
		let wraps = patient.wraps(&at, number, compartment.epoch, &lacking).await?;
		patient.add(number, compartment.epoch, &wraps).await?;
		added.extend(wraps.iter().map(|wrap| (number, wrap.grant)));
	}
	let rows: Vec<_> = added
		.iter()
		.map(|(compartment, grant)| json!({ "compartment": compartment, "grant": grant }))
		.collect();
	context.out.say(&rows, || {
		let rows = added.iter().map(|(number, grant)| [number.to_string(), grant.to_string()]);
		table(["compartment", "sealed to grant"], rows.collect(), "nobody lacks a key")
	})
}

/// The grants whose grantees lack the current key of a compartment, or had it sealed to a former key
/// of theirs.
async fn lacking(
	at: &At,
	number: CompartmentNo,
	compartment: &Compartment,
	grants: &[ListedGrant],
) -> anyhow::Result<Vec<ListedGrant>> {
	let mut lacking = Vec::new();
	for listed in grants.iter().filter(|one| hands_over(&one.grant, number, compartment)) {
		let Some(holder) = super::terms::key_holder(&listed.grant.grantee) else { continue };
		let current = Recipient::current(at, holder).await?.version;
		let keys = at.grant_keys(listed.id).await?;
		let has = match keys {
			Some(GrantKeys::Compartments(keys)) => keys.iter().any(|key| {
				let at_epoch = key.compartment == number && key.epoch == compartment.epoch;
				at_epoch && key.key_version == current
			}),
			_ => false,
		};
		if !has {
			lacking.push(listed.clone());
		}
	}
	Ok(lacking)
}

/// A patient with the own compartments.
pub(super) struct Patient<'a> {
	pub(super) context: &'a Context,
	pub(super) chain: &'a Chain,
	pub(super) secrets: &'a Secrets,
	pub(super) me: &'a Me,
}

impl Patient<'_> {
	/// Gives a compartment its next epoch: a fresh key, a link back, the new secret for everybody who
	/// may read on, and for who holds it for emergencies.
	pub(super) async fn rotate(&self, number: CompartmentNo) -> anyhow::Result<Rotated> {
		let at = self.chain.best().await?;
		let before = at.compartment(self.me.id, number).await?;
		let before = before.ok_or_else(|| {
			anyhow!("compartment {number} is not open: there is nothing to rotate")
		})?;
		let epoch = before.epoch.checked_add(1).ok_or_else(|| {
			anyhow!("compartment {number} has had all the epochs there are: open another one")
		})?;
		let room = self.room();
		let wrapping = Wrapping { room: &room, at: &at, subject: self.me.id };
		let (old, new) =
			(wrapping.secret(number, before.epoch).await?, self.secrets.compartment(number, epoch));
		let place = wrapping.place(number);
		let link = old.link(&place.epoch(epoch), &new.public())?.0;

		let mut grants = live_grants(&at, self.me.id).await?;
		grants.retain(|listed| hands_over(&listed.grant, number, &before));
		let wraps = wrapping.grant_wraps(&place, epoch, &new, &grants).await?;
		let held = at.emergency_key(self.me.id, number).await?;
		let emergency = match held {
			Some(key) => {
				let holder = Recipient::current(&at, key.holder).await?;
				Some((holder.version, holder.seal(&place, epoch, &new)?))
			},
			None => None,
		};

		let (first, rest) = wraps.split_at(wraps.len().min(MOST_WRAPS));
		let call = calls::consent::rotate_compartment(
			self.me.id,
			number,
			before.epoch,
			*new.public().as_bytes(),
			link,
			first.to_vec(),
			emergency,
		);
		self.context.submit(self.chain, &call, &self.secrets.signer()).await?;
		self.add(number, epoch, rest).await.map_err(|error| {
			anyhow!(
				"compartment {number} is at epoch {epoch}, but not everybody has its key yet: finish \
				 with `salus consent add-wraps {number}` ({error})"
			)
		})?;
		Ok(Rotated {
			compartment: number,
			epoch,
			grants: wraps.iter().map(|wrap| wrap.grant).collect(),
			emergency_holder: held.map(|key| key.holder),
		})
	}

	async fn wraps(
		&self,
		at: &At,
		number: CompartmentNo,
		epoch: Epoch,
		grants: &[ListedGrant],
	) -> anyhow::Result<Vec<GrantWrap>> {
		if grants.is_empty() {
			return Ok(Vec::new());
		}
		let room = self.room();
		let wrapping = Wrapping { room: &room, at, subject: self.me.id };
		let secret = wrapping.secret(number, epoch).await?;
		wrapping.grant_wraps(&wrapping.place(number), epoch, &secret, grants).await
	}

	async fn add(
		&self,
		number: CompartmentNo,
		epoch: Epoch,
		wraps: &[GrantWrap],
	) -> anyhow::Result<()> {
		for some in wraps.chunks(MOST_WRAPS) {
			let call =
				calls::consent::add_compartment_wraps(self.me.id, number, epoch, some.to_vec());
			self.context.submit(self.chain, &call, &self.secrets.signer()).await?;
		}
		Ok(())
	}

	pub(super) fn room(&self) -> ReadingRoom<'_> {
		let Self { context, chain, secrets, me } = *self;
		ReadingRoom { context, chain, secrets, me }
	}
}
