// SPDX-License-Identifier: Apache-2.0

//! Who may accredit: regulators, appointed by governance, and their registrars.

use super::{Office, Removal, back, sorted, window};
use crate::{
	context::Context,
	council::outcome,
	output::facts,
	values::{Party, when},
};
use anyhow::{anyhow, bail};
use salus_client::{calls, types::AuthorityScope};
use salus_primitives::AccreditationKinds;
use serde_json::json;

/// Appoints a regulator, with `council` given, or a registrar.
pub(super) async fn appoint(
	context: &Context,
	office: Office,
	council: Option<bool>,
) -> anyhow::Result<()> {
	by_council_only(council, "appoints")?;
	let Office { organisation, kinds, mut countries, codes, length } = office;
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let id = context.identity(&at, &organisation).await?;
	countries.sort();
	countries.dedup();
	let kinds = match kinds.as_slice() {
		[] => AccreditationKinds::ALL,
		kinds => AccreditationKinds::of(kinds),
	};
	let mut window = window(&at, length).await?;
	let codes = (!codes.is_empty()).then(|| sorted(codes));
	let mut scope = AuthorityScope { kinds, jurisdictions: countries, codes };
	let is_regulator = council.is_some();
	if !is_regulator {
		let me = context.me(&at, &secrets).await?;
		let own = at.authority(me.id).await?;
		let own =
			own.ok_or_else(|| anyhow!("you are no authority: a regulator appoints registrars"))?;
		// A registrar's office lies within its regulator's; what was not said is as wide as that.
		window.until = window.until.min(own.window.until);
		if kinds == AccreditationKinds::ALL {
			scope.kinds = own.scope.kinds;
		}
		scope.codes = scope.codes.or(own.scope.codes);
	}
	let call = if is_regulator {
		calls::accreditation::appoint_regulator(id, scope, window)
	} else {
		calls::accreditation::appoint_registrar(id, scope, window)
	};
	let motion = context
		.submit_or_propose(&chain, call, &secrets.signer(), council.unwrap_or_default())
		.await?;
	let appointment = chain.best().await?.authority(id).await?;
	let answer = json!({
		"authority": id,
		"appointment": appointment,
		"motion": motion.as_ref().map(|motion| motion.to_json()),
	});
	context.out.say(&answer, || {
		let title = if is_regulator { "regulator" } else { "registrar" };
		let done = facts(&[(title, id.to_string()), ("until", when(window.until))]);
		outcome(&motion, &done)
	})
}

/// Cuts an authority off.
pub(super) async fn remove(
	context: &Context,
	removal: Removal,
	council: Option<bool>,
) -> anyhow::Result<()> {
	by_council_only(council, "removes")?;
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let id = context.identity(&at, &removal.organisation).await?;
	let cutoff = back(&at, removal.since).await?;
	let call = if council.is_some() {
		calls::accreditation::remove_regulator(id, cutoff)
	} else {
		calls::accreditation::remove_registrar(id, cutoff)
	};
	let motion = context
		.submit_or_propose(&chain, call, &secrets.signer(), council.unwrap_or_default())
		.await?;
	let answer = json!({
		"authority": id,
		"cutoff": cutoff,
		"motion": motion.as_ref().map(|motion| motion.to_json()),
	});
	context.out.say(&answer, || {
		let done = format!("{id} is cut off: what it granted since {} UTC is void", when(cutoff));
		outcome(&motion, &done)
	})
}

/// What may be done to an authority for a while.
#[derive(Clone, Copy)]
pub(super) enum Act {
	Suspend,
	Reinstate,
}

pub(super) async fn change(
	context: &Context,
	organisation: Party,
	act: Act,
	council: bool,
) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let id = context.identity(&chain.best().await?, &organisation).await?;
	let (call, done) = match act {
		Act::Suspend => (
			calls::accreditation::suspend_authority(id),
			format!("{id} must not accredit for the time being; what it granted stays"),
		),
		Act::Reinstate => {
			(calls::accreditation::reinstate_authority(id), format!("{id} may accredit again"))
		},
	};
	let motion = context.submit_or_propose(&chain, call, &secrets.signer(), council).await?;
	let view = chain.best().await?.authority(id).await?;
	let motion_shown = motion.as_ref().map(|motion| motion.to_json());
	let answer = json!({ "authority": id, "appointment": view, "motion": motion_shown });
	context.out.say(&answer, || outcome(&motion, &done))
}

/// Refuses what governance alone does, when it is not proposed to the council.
fn by_council_only(council: Option<bool>, verb: &str) -> anyhow::Result<()> {
	if council == Some(false) {
		bail!("only governance {verb} regulators: add --council, and sign as a member");
	}
	Ok(())
}
