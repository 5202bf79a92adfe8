// SPDX-License-Identifier: Apache-2.0

//! Who holds keys for others: for emergencies, and shares.

use super::wrapping::{Recipient, Wrapping};
use crate::{
	commands::record::subject,
	context::Context,
	output::{facts, table},
	reading_room::ReadingRoom,
	values::{Party, when},
};
use anyhow::{anyhow, bail};
use clap::Subcommand;
use salus_client::calls;
use salus_primitives::{CompartmentNo, EmergencyKey};
use serde_json::json;

/// How many custodians can keep parts.
const MOST_CUSTODIANS: usize = 8;

#[derive(Subcommand, Debug)]
pub(crate) enum KeyCommand {
	/// Hand the key of a compartment to an organisation that hands out single records' shares to who
	/// broke the glass.
	Set {
		/// The compartment.
		number: CompartmentNo,
		/// To whom: an organisation that offers to hold emergency keys, and keeps no key shares.
		holder: Party,
	},
	/// Take it back: nobody opens the compartment in an emergency.
	Clear {
		/// The compartment.
		number: CompartmentNo,
	},
	/// Who holds which of a patient's; your own without a name.
	Show {
		/// Whose.
		patient: Option<Party>,
	},
}

#[derive(Subcommand, Debug)]
pub(crate) enum Custodians {
	/// Name them, each accredited as data-custodian: so many of their parts open a share.
	Set {
		/// Who.
		#[arg(required = true)]
		custodians: Vec<Party>,
		/// How many parts open a share.
		#[arg(long, default_value_t = 1)]
		threshold: u8,
	},
	/// Name none: shares go to the custodian of the command line again.
	Clear,
	/// Where somebody's lie; your own without a name.
	Show {
		/// Whose.
		party: Option<Party>,
	},
}

pub(super) async fn key(context: &Context, command: KeyCommand) -> anyhow::Result<()> {
	match command {
		KeyCommand::Set { number, holder } => set(context, number, &holder).await,
		KeyCommand::Clear { number } => clear(context, number).await,
		KeyCommand::Show { patient } => show(context, patient).await,
	}
}

async fn set(context: &Context, number: CompartmentNo, holder: &Party) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let holder = context.identity(&at, holder).await?;
	if at.emergency_holder(holder).await?.is_none() {
		bail!(
			"{holder} does not offer to hold emergency keys: ask it to, with `salus consent \
			 emergency-holder on`"
		);
	}
	let row = at.compartment(me.id, number).await?;
	let row = row.ok_or_else(|| {
		anyhow!("compartment {number} is not open: open it with `salus consent open-compartment`")
	})?;
	let room = ReadingRoom { context, chain: &chain, secrets: &secrets, me: &me };
	let wrapping = Wrapping { room: &room, at: &at, subject: me.id };
	let secret = wrapping.secret(number, row.epoch).await?;
	let to = Recipient::current(&at, holder).await?;
	let wrap = to.seal(&wrapping.place(number), row.epoch, &secret)?;
	let key = EmergencyKey { holder, epoch: row.epoch, key_version: to.version, wrap };
	let call = calls::consent::set_emergency_key(me.id, number, Some(key));
	context.submit(&chain, &call, &secrets.signer()).await?;
	let refuses = at.policy_of(me.id).await?.policy == salus_primitives::AccessPolicy::Deny;
	let answer = json!({ "compartment": number, "epoch": row.epoch, "holder": holder });
	context.out.say(&answer, || {
		let text = facts(&[
			("compartment", number.to_string()),
			("epoch", row.epoch.to_string()),
			("holder", holder.to_string()),
		]);
		if refuses {
			return format!(
				"{text}\n\nyour policy refuses emergencies still: `salus consent policy set \
				 break-glass-only` lets who may break the glass use it"
			);
		}
		text
	})
}

async fn clear(context: &Context, number: CompartmentNo) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let me = context.me(&chain.best().await?, &secrets).await?;
	let call = calls::consent::set_emergency_key(me.id, number, None);
	context.submit(&chain, &call, &secrets.signer()).await?;
	let answer = json!({ "compartment": number, "holder": null });
	context.out.say(&answer, || {
		format!(
			"nobody holds the key of compartment {number} for emergencies any more. Who held it may \
			 have kept a copy: `salus consent rotate-compartment {number}` makes it worthless for what \
			 is filed from now on"
		)
	})
}

async fn show(context: &Context, patient: Option<Party>) -> anyhow::Result<()> {
	let at = context.chain().await?.best().await?;
	let patient = subject(context, &at, patient).await?;
	let (mut rows, mut answer) = (Vec::new(), Vec::new());
	for (number, row) in at.compartments(patient).await? {
		let key = at.emergency_key(patient, number).await?;
		let holder = key.map(|key| key.holder);
		answer.push(json!({
			"compartment": number,
			"holder": holder,
			"epoch": key.map(|key| key.epoch),
			"keyVersion": key.map(|key| key.key_version),
			"rotationDue": row.rotation_due,
		}));
		rows.push([
			number.to_string(),
			holder.map_or_else(|| "nobody".into(), |id| id.to_string()),
			key.map_or_else(|| "-".into(), |key| key.epoch.to_string()),
			if row.rotation_due { "yes" } else { "no" }.into(),
		]);
	}
	let head = ["compartment", "emergency key held by", "epoch", "rotation due"];
	context.out.say(&answer, || table(head, rows, "no compartment is open"))
}

pub(super) async fn holder(context: &Context, accept: bool) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let call = calls::consent::set_emergency_holder(accept);
	context.submit(&chain, &call, &secrets.signer()).await?;
	let answer = json!({ "holdsEmergencyKeys": accept });
	context.out.say(&answer, || {
		if accept {
			"patients can hand you emergency keys: run `salus-custodian --emergency-holder`, and list \
			 it with `salus service add emergency-keys`"
		} else {
			"patients can hand you no emergency keys any more"
		}
		.into()
	})
}

pub(super) async fn custodians(context: &Context, command: Custodians) -> anyhow::Result<()> {
	let (named, threshold) = match command {
		Custodians::Show { party } => return show_custodians(context, party).await,
		Custodians::Clear => (Vec::new(), 0),
		Custodians::Set { custodians, threshold } => (custodians, threshold),
	};
	check(named.len(), threshold)?;
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let mut ids = Vec::new();
	for party in &named {
		ids.push(context.identity(&at, party).await?);
	}
	let call = calls::consent::set_share_custodian(ids.clone(), threshold);
	context.submit(&chain, &call, &secrets.signer()).await?;
	let answer = json!({ "custodians": ids, "threshold": threshold });
	context.out.say(&answer, || match ids.len() {
		0 => "no custodian is named: key shares go to the one that the command line names".into(),
		count => {
			format!("{threshold} of {count} custodians open a key share that is sealed from now on")
		},
	})
}

fn check(count: usize, threshold: u8) -> anyhow::Result<()> {
	if count > MOST_CUSTODIANS {
		bail!("{MOST_CUSTODIANS} custodians at most keep parts: name fewer");
	}
	if usize::from(threshold) > count || (threshold == 0) != (count == 0) {
		bail!(
			"{threshold} of {count} parts can open nothing: give a --threshold from 1 to {count}"
		);
	}
	Ok(())
}

async fn show_custodians(context: &Context, party: Option<Party>) -> anyhow::Result<()> {
	let at = context.chain().await?.best().await?;
	let who = subject(context, &at, party).await?;
	let custody = at.share_custody(who).await?;
	let answer = json!({ "identity": who, "custody": custody });
	context.out.say(&answer, || match &custody {
		None => "none is named: key shares go to the one that the command line names".into(),
		Some(custody) => {
			let rows = custody.custodians.iter().enumerate();
			let rows = rows.map(|(part, id)| [part.saturating_add(1).to_string(), id.to_string()]);
			format!(
				"{}\n\n{} of {} parts open a key share, since {}",
				table(["part", "custodian"], rows.collect(), ""),
				custody.threshold,
				custody.custodians.len(),
				when(custody.since)
			)
		},
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn some_of_the_custodians_open_a_share() {
		for (count, threshold) in [(0, 0), (1, 1), (3, 2), (8, 8)] {
			assert!(check(count, threshold).is_ok(), "{threshold} of {count}");
		}
		for (count, threshold) in [(0, 1), (1, 0), (2, 3), (9, 2)] {
			assert!(check(count, threshold).is_err(), "{threshold} of {count}");
		}
	}
}
