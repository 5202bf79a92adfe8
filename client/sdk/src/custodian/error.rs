// SPDX-License-Identifier: Apache-2.0

//! Why something with a custodian did not work.

use salus_envelope::WrapError;
use salus_primitives::{AccessDecision, ContentHash, IdentityId};
use std::{io, path::PathBuf};

/// Why something with the custodian did not work, in one line that says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CustodianError {
	/// Nobody answers there.
	#[error(
		"no custodian answers at {url}: start it, or name another one with --custodian ({reason})"
	)]
	Unreachable {
		/// Where it should be.
		url: String,
		/// What the connection said.
		reason: String,
	},
	/// It works for another chain.
	#[error(
		"the custodian at {url} works for a chain of another genesis ({found}): name one of the \
		 node's chain with --custodian"
	)]
	OtherGenesis {
		/// Which one.
		url: String,
		/// The genesis hash it names.
		found: String,
	},
	/// It shows another key than the chain: somebody may stand in between.
	#[error(
		"the custodian at {url} shows another key than the chain has for it: do not use it, and \
		 tell its operator"
	)]
	OtherKey {
		/// Which one.
		url: String,
	},
	/// Access was denied, which was logged.
	#[error("access {decision}")]
	Denied {
		/// Why.
		decision: AccessDecision,
		/// What the custodian says.
		message: String,
	},
	/// It refused for another reason.
	#[error("the custodian refused: {message}")]
	Refused {
		/// The HTTP status.
		status: u16,
		/// Its word for programs.
		code: String,
		/// What it says.
		message: String,
	},
	/// The bytes that came are not the object.
	#[error("object {hash} came damaged from the custodian: try again, and tell its operator")]
	Damaged {
		/// Which object.
		hash: ContentHash,
	},
	/// What came is no answer of this protocol.
	#[error("{url} does not answer as a custodian: {reason}")]
	Answer {
		/// Who.
		url: String,
		/// What is wrong.
		reason: String,
	},
	/// It is somebody else than the chain names.
	#[error(
		"the custodian at {url} is {found}, and the chain names {expected} there: do not use it, and \
		 tell {expected}, who lists that address"
	)]
	OtherIdentity {
		/// Where it was looked for.
		url: String,
		/// Who answers.
		found: IdentityId,
		/// Who should.
		expected: IdentityId,
	},
	/// The chain names it, and nobody says where it is.
	#[error(
		"the custodian {0} lists no address on chain: it adds one with `salus service add \
		 data-custodian`, or you name where it is with --custodian"
	)]
	NoAddress(IdentityId),
	/// It may not keep shares any more.
	#[error(
		"the custodian {0} is not accredited as a data custodian now: whoever files names another one \
		 with `salus consent custodians set`"
	)]
	NotAccredited(IdentityId),
	/// What the chain says of it cannot be asked.
	#[error("the chain cannot be asked about the custodian: {0}")]
	Chain(#[from] crate::Error),
	/// A share does not seal or open.
	#[error("the key share cannot be used: {0}")]
	Share(#[from] WrapError),
	/// It validates nothing.
	#[error(
		"the service at {url} is no validation gateway: name one, or have the verdicts given otherwise"
	)]
	NoGateway {
		/// Which one.
		url: String,
	},
	/// A gateway's answer does not hold.
	#[error("the validation gateway's answer does not hold: {0}; tell its operator")]
	Gateway(String),
	/// A document cannot be sealed for a gateway.
	#[error("the document cannot be sealed for the validation gateway: {0}")]
	Seal(String),
	/// A file of this side.
	#[error("{path} cannot be used: {source}")]
	File {
		/// Which file.
		path: PathBuf,
		/// What the system says.
		source: io::Error,
	},
}

impl CustodianError {
	/// Whether the object or share is not there.
	pub fn is_missing(&self) -> bool {
		matches!(self, Self::Refused { status: 404, .. })
	}

	/// Whether it is the custodian's state of the moment, which waiting or another custodian changes:
	/// nobody answers, it is busy, or it fails at what it should be able to do.
	pub fn is_outage(&self) -> bool {
		match self {
			Self::Unreachable { .. } | Self::Answer { .. } => true,
			Self::Refused { status, .. } => matches!(status, 408 | 429 | 500..=599),
			_ => false,
		}
	}

	/// Whether the object or share was erased.
	pub fn is_erased(&self) -> bool {
		matches!(self, Self::Refused { status: 410, .. })
	}
}
