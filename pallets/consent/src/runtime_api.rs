// SPDX-License-Identifier: Apache-2.0

//! What the key custodian and clients ask a node: an answer that spans consent, records,
//! accreditation and identity.

use crate::{Explanation, Inbox};
use salus_primitives::{AccessDecision, AccessQuestion, IdentityId};

sp_api::decl_runtime_apis! {
	/// Decisions about access, at the time of the block asked.
	pub trait ConsentApi {
		/// May the reader do that with the record?
		fn check_access(question: AccessQuestion) -> AccessDecision;

		/// The same decision, with every rule looked at and the step that decided.
		fn explain_access(question: AccessQuestion) -> Explanation;

		/// What waits for a patient's attention.
		fn inbox(subject: IdentityId) -> Inbox;
	}
}
