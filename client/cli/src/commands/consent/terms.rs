// SPDX-License-Identifier: Apache-2.0

//! What a grant says, as it is typed.

use super::calendar::Date;
use crate::{
	context::Context,
	values::{Party, Span},
};
use anyhow::{anyhow, bail};
use clap::ValueEnum;
use salus_client::{
	At,
	types::{self, Grantee, Scope},
};
use salus_primitives::{
	Action, Actions, Classes, CompartmentNo, IdentityId, IdentityKind, Moment, Purpose, Purposes,
	RecordClass, RecordId, Role, Window,
};

/// To whom.
#[derive(clap::Args, Debug)]
pub(super) struct To {
	/// To whom: a person or an organisation.
	#[arg(required_unless_present = "role")]
	grantee: Option<Party>,
	/// To everybody in a role, at the organisation named as grantee or anywhere. A role is sealed no
	/// key: it reads what is sealed to its organisation or to it by name.
	#[arg(long)]
	role: Option<Role>,
}

impl To {
	pub(super) async fn grantee(&self, context: &Context, at: &At) -> anyhow::Result<Grantee> {
		let named = match &self.grantee {
			Some(party) => Some(context.identity(at, party).await?),
			None => None,
		};
		if let Some(role) = self.role {
			return Ok(Grantee::Role { organisation: named, role });
		}
		let id = named.ok_or_else(|| anyhow!("to whom? Name a party, or --role"))?;
		grantee_of(at, id).await
	}
}

/// Somebody as the grantee of a grant: by what kind of identity it is.
pub(super) async fn grantee_of(at: &At, id: IdentityId) -> anyhow::Result<Grantee> {
	let view = at.identity(id).await?;
	let view = view.ok_or_else(|| anyhow!("there is no identity {id}: check the id"))?;
	Ok(match view.kind {
		IdentityKind::Organisation => Grantee::Organisation(id),
		_ => Grantee::Identity(id),
	})
}

/// Whose agreement key the keys of a grant are sealed to; a role has none.
pub(super) fn key_holder(grantee: &Grantee) -> Option<IdentityId> {
	match grantee {
		Grantee::Identity(id) | Grantee::Organisation(id) => Some(*id),
		Grantee::Role { .. } => None,
	}
}

/// Which records.
#[derive(clap::Args, Debug, Default)]
pub(super) struct Which {
	/// One record.
	#[arg(long, group = "scope")]
	record: Option<RecordId>,
	/// The records of these classes, in every open compartment that is not restricted.
	#[arg(long, group = "scope", value_name = "CLASS", value_delimiter = ',')]
	classes: Vec<RecordClass>,
	/// All records, in every open compartment that is not restricted.
	#[arg(long, group = "scope")]
	all_records: bool,
	/// Every record in one compartment.
	#[arg(long, group = "scope", value_name = "NUMBER")]
	compartment: Option<CompartmentNo>,
}

impl Which {
	/// What was named, if anything.
	pub(super) fn scope(&self) -> Option<Scope> {
		if let Some(record) = self.record {
			return Some(Scope::Record(record));
		}
		if let Some(number) = self.compartment {
			return Some(Scope::Compartment(number));
		}
		if self.all_records {
			return Some(Scope::Subject(Classes::ALL));
		}
		(!self.classes.is_empty()).then(|| Scope::Subject(classes_of(&self.classes)))
	}
}

pub(super) fn classes_of(classes: &[RecordClass]) -> Classes {
	Classes(classes.iter().fold(0, |bits, class| bits | 1 << (*class as u8)))
}

/// For what, and of what period. What is not named is as before, or as it is by default.
#[derive(clap::Args, Debug, Default)]
pub(super) struct Limits {
	/// What for, and what that implies.
	#[arg(long, value_delimiter = ',')]
	purpose: Vec<Purpose>,
	/// To do what.
	#[arg(long, value_delimiter = ',')]
	action: Vec<Action>,
	/// Only records filed on that day or later.
	#[arg(long, value_name = "DATE")]
	data_from: Option<Date>,
	/// Only records filed on that day or earlier.
	#[arg(long, value_name = "DATE")]
	data_until: Option<Date>,
}

impl Limits {
	pub(super) fn purposes(&self, otherwise: Purposes) -> Purposes {
		if self.purpose.is_empty() { otherwise } else { Purposes::of(&self.purpose) }
	}

	pub(super) fn actions(&self, otherwise: Actions) -> Actions {
		if self.action.is_empty() { otherwise } else { Actions::of(&self.action) }
	}

	/// The period, where an end that was not named is that of `otherwise`.
	pub(super) fn data_period(&self, otherwise: Option<Window>) -> anyhow::Result<Option<Window>> {
		if self.data_from.is_none() && self.data_until.is_none() {
			return Ok(otherwise);
		}
		let (first, end) = otherwise.map_or((0, Moment::MAX), |window| (window.from, window.until));
		let from = self.data_from.map_or(first, |date| date.0.from);
		let until = self.data_until.map_or(end, |date| date.0.until);
		let Some(window) = Window::new(from, until) else {
			bail!("--data-until lies before --data-from: no record was filed then");
		};
		Ok(Some(window))
	}
}

/// What is granted when nothing is said: to read, for treatment.
pub(super) const TREATMENT: Purposes = Purposes::of(&[Purpose::Treat]);
pub(super) const READING: Actions = Actions::of(&[Action::Access]);

/// When.
#[derive(clap::Args, Debug, Default)]
pub(super) struct When {
	/// From when on [default: from now].
	#[arg(long, value_name = "DATE")]
	from: Option<Date>,
	/// For how long.
	#[arg(long = "for", value_name = "SPAN", conflicts_with = "until")]
	length: Option<Span>,
	/// Up to and with that day.
	#[arg(long, value_name = "DATE")]
	until: Option<Date>,
}

impl When {
	/// The window of something new: `length` long without another word.
	pub(super) fn window(&self, now: Moment, length: Moment) -> anyhow::Result<Window> {
		let from = self.from.map_or(now, |date| date.0.from.max(now));
		let length = self.length.map_or(length, |span| span.0);
		self.ending(from, from.saturating_add(length))
	}

	/// The window of something that stands, of which stays what was not named.
	pub(super) fn within(&self, now: Moment, stands: Window) -> anyhow::Result<Window> {
		let from = self.from.map_or(stands.from, |date| date.0.from);
		let counted = self.length.map(|span| now.max(from).saturating_add(span.0));
		self.ending(from, counted.unwrap_or(stands.until))
	}

	fn ending(&self, from: Moment, otherwise: Moment) -> anyhow::Result<Window> {
		let until = self.until.map_or(otherwise, |date| date.0.until);
		Window::new(from, until).ok_or_else(|| {
			anyhow!("the time ends before it begins: name a later --until, or an earlier --from")
		})
	}
}

/// What a grant rests on, as it is typed.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Basis {
	/// The patient's explicit consent.
	Consent,
	/// A treatment relation.
	TreatmentRelation,
	/// A duty by law.
	LegalDuty,
	/// Consent to research.
	Research,
}

impl From<Basis> for types::Basis {
	fn from(basis: Basis) -> Self {
		match basis {
			Basis::Consent => Self::Consent,
			Basis::TreatmentRelation => Self::TreatmentRelation,
			Basis::LegalDuty => Self::LegalDuty,
			Basis::Research => Self::Research,
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn date(text: &str) -> Option<Date> {
		Some(text.parse().unwrap())
	}

	#[test]
	fn classes_are_bits_by_their_index() {
		let classes = classes_of(&[RecordClass::Clinical, RecordClass::DeviceData]);
		assert_eq!(classes, Classes(0b100_0001));
		let which = Which { classes: vec![RecordClass::Clinical], ..Which::default() };
		assert_eq!(which.scope(), Some(Scope::Subject(Classes(1))));
		assert_eq!(Which::default().scope(), None);
	}

	#[test]
	fn a_role_holds_no_key() {
		let role = Grantee::Role { organisation: None, role: Role::Nurse };
		assert_eq!(key_holder(&role), None);
		let id = IdentityId([1; 32]);
		assert_eq!(key_holder(&Grantee::Organisation(id)), Some(id));
	}

	#[test]
	fn a_period_keeps_the_end_that_is_not_named() {
		let stands = Window::new(10, 4_000_000_000_000);
		let both = |data_from, data_until| Limits { data_from, data_until, ..Limits::default() };
		assert_eq!(both(None, None).data_period(stands).unwrap(), stands);
		let from = both(date("2026-09-21"), None).data_period(stands).unwrap().unwrap();
		assert_eq!((from.from, from.until), (1_789_948_800_000, 4_000_000_000_000));
		let open = both(None, date("2026-09-20")).data_period(None).unwrap().unwrap();
		assert_eq!((open.from, open.until), (0, 1_789_948_800_000));
		let wrong = both(date("2026-09-21"), date("2026-09-20")).data_period(None);
		assert!(wrong.unwrap_err().to_string().contains("--data-until"));
	}

	#[test]
	fn a_window_is_as_long_as_was_said() {
		let day = 86_400_000;
		let (now, stands) = (1_789_948_800_000, Window { from: 1, until: 1_800_000_000_000 });
		let when = |from, length, until| When { from, length, until };
		let new = when(None, None, None).window(now, day).unwrap();
		assert_eq!((new.from, new.until), (now, now + day));
		// What lies behind cannot be granted.
		let new = when(date("2020-01-01"), Some(Span(5)), None).window(now, day).unwrap();
		assert_eq!((new.from, new.until), (now, now + 5));
		let until = when(None, None, date("2026-09-21")).window(now, 5).unwrap();
		assert_eq!(until.until, now + day);
		assert!(when(None, None, date("2026-09-20")).window(now, 5).is_err());

		assert_eq!(when(None, None, None).within(now, stands).unwrap(), stands);
		let less = when(None, Some(Span(day)), None).within(now, stands).unwrap();
		assert_eq!((less.from, less.until), (1, now + day));
	}
}
