// SPDX-License-Identifier: Apache-2.0

//! What a custodian recorded: of a patient's records, or by an organisation's people.

use super::{Custodian, CustodianError, Result};
use crate::wire::{AuditPage, body_hash, path};
use reqwest::Method;
use salus_primitives::IdentityId;
use serde_json::Value;
use subxt_signer::sr25519::Keypair;

/// Whose accounting it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Account {
	/// Of a patient: who asked for its records. For the patient itself.
	Patient(IdentityId),
	/// Of an organisation: what its people asked for. For the organisation itself.
	Readers(IdentityId),
}

impl Account {
	fn path(&self, after: Option<&str>, limit: u32) -> String {
		match self {
			Self::Patient(id) => path::audit(id, after, limit),
			Self::Readers(id) => path::audit_of_readers(id, after, limit),
		}
	}
}

impl Custodian {
	/// One page of an accounting.
	pub async fn accounting(
		&self,
		signer: &Keypair,
		account: &Account,
		after: Option<&str>,
		limit: u32,
	) -> Result<AuditPage> {
		let path = account.path(after, limit);
		self.ask(self.signed(signer, Method::GET, &path, body_hash(b"")).0).await
	}

	/// One page of an accounting as a FHIR `Bundle` of `AuditEvent`, and where the next one starts.
	pub async fn accounting_fhir(
		&self,
		signer: &Keypair,
		account: &Account,
		after: Option<&str>,
		limit: u32,
	) -> Result<(Value, Option<String>)> {
		let path = path::as_fhir(&account.path(after, limit));
		let bundle: Value =
			self.ask(self.signed(signer, Method::GET, &path, body_hash(b"")).0).await?;
		// FHIR knows no empty lists: where nothing was recorded, there is no `entry`.
		let has_list = bundle.get("entry").is_none_or(Value::is_array);
		if bundle["resourceType"] != "Bundle" || !has_list {
			let reason = "a Bundle of AuditEvents was asked for".into();
			return Err(CustodianError::Answer { url: self.url().into(), reason });
		}
		let next = next_of(&bundle);
		Ok((bundle, next))
	}
}

/// The `after` of the link to the next page.
fn next_of(bundle: &Value) -> Option<String> {
	let links = bundle["link"].as_array()?;
	let next = links.iter().find(|link| link["relation"] == "next")?;
	let query = next["url"].as_str()?.split_once('?')?.1;
	query.split('&').find_map(|pair| pair.strip_prefix("after=")).map(Into::into)
}

#[cfg(test)]
mod tests {
	use super::*;
	use serde_json::json;

	#[test]
	fn the_next_page_is_behind_the_link() {
		let bundle = |relation: &str, url: &str| json!({ "resourceType": "Bundle", "link": [{ "relation": relation, "url": url }] });
		let url = "/audit?subject=0x01&limit=50&after=a-7&format=fhir";
		assert_eq!(next_of(&bundle("next", url)).as_deref(), Some("a-7"));
		assert_eq!(next_of(&bundle("self", url)), None);
		assert_eq!(next_of(&bundle("next", "/audit?subject=0x01")), None);
		assert_eq!(next_of(&json!({ "resourceType": "Bundle" })), None);
	}
}
