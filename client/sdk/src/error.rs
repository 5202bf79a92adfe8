// SPDX-License-Identifier: Apache-2.0

//! What can go wrong between a client and the chain, in one line each that says what to do.

use subxt::{
	error::{BackendError, DispatchError, ExtrinsicError, RpcError, TransactionEventsError},
	rpcs,
};

/// What a call fails with whose signer may not make it.
const BAD_ORIGIN: &str = "this account may not do that: its key was put away, is frozen or lacks the \
	scope for it (see `salus key list`), the identity is suspended, or the licence or office that it \
	takes is missing";

/// Why something with the chain did not work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
	/// Nobody answers there, or the connection broke.
	#[error("no node answers at {url}: start it, or name another one with --node ({reason})")]
	NodeUnreachable {
		/// Where it should be.
		url: String,
		/// What the connection said.
		reason: String,
	},
	/// The node follows another chain than the one asked for.
	#[error(
		"the node at {url} follows a chain of another genesis: expected {expected}, found {found}; \
		 name a node of the right chain, or the other genesis with --genesis"
	)]
	OtherGenesis {
		/// Which node.
		url: String,
		/// The genesis hash asked for.
		expected: String,
		/// The genesis hash it has.
		found: String,
	},
	/// The runtime changed what this client was built for.
	#[error("the chain's runtime has another `{what}` than this program knows: update the program")]
	OtherRuntime {
		/// The call or query that differs.
		what: String,
	},
	/// The pool does not take the transaction, because nothing pays for it.
	#[error(
		"the fee cannot be paid: account {account} has no daily allowance left and too small a \
		 balance; wait until tomorrow, or have tokens sent to it with `salus account send`. One that \
		 was never registered has no allowance: ask an organisation to register it, or for tokens"
	)]
	FeeNotPaid {
		/// Whose account.
		account: String,
	},
	/// The pool does not take the transaction, for another reason.
	#[error("the node does not take the transaction: {reason}")]
	Refused {
		/// What the node said.
		reason: String,
	},
	/// A pallet refused the call. Nothing changed but the fee.
	#[error("the chain refused: {docs} ({pallet}::{name})")]
	Failed {
		/// Which pallet.
		pallet: String,
		/// The variant of its error.
		name: String,
		/// What the pallet's documentation says of it.
		docs: String,
	},
	/// The call failed outside every pallet.
	#[error("the chain refused: {0}")]
	Dispatch(String),
	/// No block took the transaction in time.
	#[error(
		"no block took the transaction within {seconds} s: the chain does not make blocks or is \
		 full; look at `salus info`, then run the command again"
	)]
	NotIncluded {
		/// How long it waited.
		seconds: u64,
	},
	/// A block took it, and finality does not follow.
	#[error(
		"finality is stalled: block {block} holds the transaction and was not final within \
		 {seconds} s; look at `salus info` before doing it again, it may become final yet"
	)]
	NotFinalised {
		/// The block it is in.
		block: String,
		/// How long it waited.
		seconds: u64,
	},
	/// The node answered something that cannot be used.
	#[error("the node's answer cannot be used: {0}")]
	Answer(String),
}

impl Error {
	/// The variant of the pallet's error, when one refused: `("Records", "NotAccredited")`.
	pub fn module(&self) -> Option<(&str, &str)> {
		match self {
			Self::Failed { pallet, name, .. } => Some((pallet, name)),
			_ => None,
		}
	}

	/// Nobody there, without the layers that say so again.
	pub(crate) fn unreachable(url: &str, error: &dyn std::error::Error) -> Self {
		let text = one_line(&error.to_string());
		let reason = text.rsplit("client error: ").next().unwrap_or(&text);
		Self::NodeUnreachable { url: url.into(), reason: reason.into() }
	}

	/// Any error of the connection, told apart from answers.
	pub(crate) fn of_node(url: &str, error: impl Into<subxt::Error>) -> Self {
		let error = error.into();
		let text = one_line(&full_text(&error));
		match &error {
			subxt::Error::OtherRpcClientError(rpcs::Error::User(_)) => Self::Answer(text),
			subxt::Error::ExtrinsicError(ExtrinsicError::IncompatibleCodegen)
			| subxt::Error::ViewFunctionError(
				subxt::error::ViewFunctionError::IncompatibleCodegen,
			)
			| subxt::Error::RuntimeApiError(subxt::error::RuntimeApiError::IncompatibleCodegen) => {
				Self::OtherRuntime { what: "metadata".into() }
			},
			_ if is_broken_connection(&text) => {
				Self::NodeUnreachable { url: url.into(), reason: text }
			},
			_ => Self::Answer(text),
		}
	}

	/// What the pool says when it is given a transaction.
	pub(crate) fn of_submission(url: &str, account: &str, error: ExtrinsicError) -> Self {
		if let ExtrinsicError::ErrorSubmittingTransaction(BackendError::Rpc(
			RpcError::ClientError(rpcs::Error::User(user)),
		)) = &error
		{
			let data = user.data.as_ref().map(|data| data.get().trim_matches('"').to_owned());
			return Self::of_refusal(account, &data.unwrap_or_else(|| user.message.clone()));
		}
		Self::of_node(url, error)
	}

	/// What the pool says of a transaction that it does not take.
	pub(crate) fn of_refusal(account: &str, reason: &str) -> Self {
		if reason.contains("Inability to pay") {
			return Self::FeeNotPaid { account: account.into() };
		}
		let reason = match reason {
			text if text.contains("outdated") => {
				"another transaction of this account went first; run the command again".into()
			},
			text if text.contains("priority is too low") || text.contains("Already Imported") => {
				"the same transaction waits already; run the command again in a moment".into()
			},
			text => one_line(text),
		};
		Self::Refused { reason }
	}

	pub(crate) fn of_events(url: &str, error: TransactionEventsError) -> Self {
		match error {
			TransactionEventsError::ExtrinsicFailed(error) => Self::of_dispatch(&error),
			other => Self::of_node(url, other),
		}
	}

	pub(crate) fn of_dispatch(error: &DispatchError) -> Self {
		let module = match error {
			DispatchError::Module(module) => module,
			DispatchError::BadOrigin => return Self::Dispatch(BAD_ORIGIN.into()),
			other => return Self::Dispatch(one_line(&other.to_string())),
		};
		let Ok(details) = module.details() else {
			return Self::Dispatch(one_line(&module.to_string()));
		};
		let docs = details.variant.docs.join(" ");
		let docs = format!("{}{}", docs.trim(), hint(details.pallet.name(), &details.variant.name));
		Self::Failed {
			pallet: details.pallet.name().into(),
			name: details.variant.name.clone(),
			docs: if docs.is_empty() { "the call does not fit".into() } else { one_line(&docs) },
		}
	}
}

/// The command that does what the documentation of an error asks for, where it is not the same word.
fn hint(pallet: &str, name: &str) -> &'static str {
	match (pallet, name) {
		("Identity", "KeyIsPrimary") => " (`salus key rotate`)",
		("Identity", "VersionIsCurrent") => " (`salus key rotate-agreement`)",
		_ => "",
	}
}

fn is_broken_connection(text: &str) -> bool {
	["onnection", "restart required", "background task", "timeout", "tcp", "dns", "transport"]
		.iter()
		.any(|sign| text.contains(sign))
}

/// The text of an error and of all that caused it.
fn full_text(error: &dyn std::error::Error) -> String {
	let mut text = error.to_string();
	let mut next = error.source();
	while let Some(cause) = next {
		let more = cause.to_string();
		if !text.contains(&more) {
			text = format!("{text}: {more}");
		}
		next = cause.source();
	}
	text
}

/// The text with every run of white space as one blank.
pub fn one_line(text: &str) -> String {
	text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_refusal_says_what_to_do() {
		let reason = "Inability to pay some fees (e.g. account balance too low)";
		let text = Error::of_refusal("5Abc", reason).to_string();
		assert!(text.contains("5Abc") && text.contains("salus account send"), "{text}");

		let text = Error::of_refusal("5Abc", "Transaction is outdated").to_string();
		assert!(text.contains("run the command again"), "{text}");
	}

	#[test]
	fn who_may_not_is_told_why() {
		let text = Error::of_dispatch(&DispatchError::BadOrigin).to_string();
		for cause in ["put away", "frozen", "scope", "licence"] {
			assert!(text.contains(cause), "{text}");
		}
		assert!(!text.contains('\n') && !text.contains('\t'));
	}

	#[test]
	fn errors_with_a_command_of_their_own_exist() {
		let identity = crate::submit::committed_metadata().pallet_by_name("Identity").unwrap();
		for name in ["KeyIsPrimary", "VersionIsCurrent"] {
			let mut variants = identity.error_variants().unwrap().iter();
			assert!(variants.any(|variant| variant.name == name), "{name}");
			assert!(hint("Identity", name).contains("salus key"));
		}
	}

	#[test]
	fn errors_stay_on_one_line() {
		assert_eq!(one_line("a\n  b\t c"), "a b c");
		let text = Error::of_refusal("5Abc", "first\nsecond").to_string();
		assert!(!text.contains('\n'));
	}
}
