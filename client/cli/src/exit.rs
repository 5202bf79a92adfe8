// SPDX-License-Identifier: Apache-2.0

//! Failures that programs tell apart by the exit code, not by words.

use std::fmt;

/// Done.
pub(crate) const DONE: u8 = 0;
/// Not done, for the reason that is said.
pub(crate) const NOT_DONE: u8 = 1;

/// Why it is not known whether something holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unknown {
	/// The custodian refused the object to this reader.
	Refused,
	/// The custodian does not have the object, or not any more.
	Absent,
	/// The custodian does not answer, or cannot now.
	Outage,
}

impl Unknown {
	/// The exit code. 2 is clap's.
	pub(crate) const fn code(self) -> u8 {
		match self {
			Self::Refused => 3,
			Self::Absent => 4,
			Self::Outage => 5,
		}
	}
}

/// A failure with an exit code of its own.
#[derive(Debug)]
pub(crate) struct Failure {
	pub(crate) why: Unknown,
	pub(crate) text: String,
}

impl fmt::Display for Failure {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(&self.text)
	}
}

impl std::error::Error for Failure {}

/// An answer that was printed, and that programs tell apart from others by this exit code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Answered(pub(crate) u8);

impl fmt::Display for Answered {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "the answer was given, with exit code {}", self.0)
	}
}

impl std::error::Error for Answered {}

/// The exit code of what a command ended with.
pub(crate) fn code_of(ended: &anyhow::Result<()>) -> u8 {
	let Err(error) = ended else { return DONE };
	if let Some(Answered(code)) = error.downcast_ref() {
		return *code;
	}
	error.downcast_ref::<Failure>().map_or(NOT_DONE, |failure| failure.why.code())
}

/// What is still to be said of how a command ended: nothing when the answer said it all.
pub(crate) fn complaint(ended: &anyhow::Result<()>) -> Option<&anyhow::Error> {
	ended.as_ref().err().filter(|error| !error.is::<Answered>())
}

#[cfg(test)]
mod tests {
	use super::*;
	use anyhow::{Context, anyhow};

	#[test]
	fn failures_are_told_apart_also_with_more_said_around_them() {
		assert_eq!(code_of(&Ok(())), 0);
		assert_eq!(code_of(&Err(anyhow!("no"))), 1);
		let all = [Unknown::Refused, Unknown::Absent, Unknown::Outage];
		let codes = all.map(|why| {
			let failure = Failure { why, text: "no object".into() };
			code_of(&Err(failure).context("record"))
		});
		assert_eq!(codes, [3, 4, 5]);
	}

	#[test]
	fn an_answer_has_its_code_and_nothing_more_is_said() {
		let answered = Err(Answered(4).into());
		assert_eq!(code_of(&answered), 4);
		assert!(complaint(&answered).is_none());
		assert!(complaint(&Err(anyhow!("no"))).is_some() && complaint(&Ok(())).is_none());
	}
}
