// SPDX-License-Identifier: Apache-2.0
//! What an object says about its body: one JSON object in the canonical form of RFC 8785.

use crate::{CommitmentSalt, digest::parse_hex, jcs};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use zeroize::Zeroizing;

/// Why bytes or values are not metadata.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum MetadataError {
	/// Longer than [`Metadata::MAX_LEN`].
	#[error("metadata of {0} bytes is above the limit of {max} bytes", max = Metadata::MAX_LEN)]
	TooLong(u64),
	/// Not text in UTF-8.
	#[error("the metadata is not UTF-8")]
	NotUtf8,
	/// An object has this key twice, so that two readers could see two things.
	#[error("the key {0:?} stands twice in the metadata")]
	DuplicateKey(String),
	/// Not a JSON object, or not the one way that RFC 8785 writes it.
	#[error("the metadata is not canonical JSON (RFC 8785) from byte {at} on")]
	NotCanonical {
		/// Where it departs from the canonical form, counted from 0.
		at: usize,
	},
	/// Arrays and objects are nested more than 32 deep.
	#[error("the metadata is nested too deeply")]
	TooDeep,
	/// This number is not a double and would be read as another one. Write it as a string.
	#[error("the number {0} cannot be kept exactly; write it as a string")]
	InexactNumber(String),
	/// `ptSalt` is there and is not 64 lower-case hexadecimal digits.
	#[error("ptSalt must be 64 lower-case hexadecimal digits")]
	CommitmentSalt,
	/// The members are not those of [`RecordMetadata`]; the text says which.
	#[error("not the metadata of a record: {0}")]
	Schema(String),
}

/// Metadata in its canonical form, or none at all.
///
/// It travels inside the object and is as secret as the body: `Debug` shows the length only.
#[derive(Clone, PartialEq, Eq)]
pub struct Metadata {
	text: Zeroizing<String>,
	commitment_salt: Option<CommitmentSalt>,
}

impl Metadata {
	/// The longest metadata, in bytes: what a reader holds in memory before the body begins.
	pub const MAX_LEN: usize = 65_536;

	/// No metadata: zero bytes. Such an object commits to no body.
	pub fn none() -> Self {
		Self { text: Zeroizing::default(), commitment_salt: None }
	}

	/// Takes bytes that must already be canonical, as they come out of an object.
	pub fn from_canonical(bytes: &[u8]) -> Result<Self, MetadataError> {
		if bytes.len() > Self::MAX_LEN {
			return Err(MetadataError::TooLong(bytes.len() as u64));
		}
		if bytes.is_empty() {
			return Ok(Self::none());
		}
		let text = std::str::from_utf8(bytes).map_err(|_| MetadataError::NotUtf8)?;
		jcs::check(text)?;
		let value: Value =
			serde_json::from_str(text).map_err(|error| MetadataError::Schema(error.to_string()))?;
		let commitment_salt = commitment_salt(&value)?;
		Ok(Self { text: Zeroizing::new(text.to_owned()), commitment_salt })
	}

	/// Brings a JSON object into canonical form.
	pub fn from_value(value: &Value) -> Result<Self, MetadataError> {
		Self::from_canonical(Zeroizing::new(jcs::write(value)?).as_bytes())
	}

	/// The canonical bytes.
	pub fn as_bytes(&self) -> &[u8] {
		self.text.as_bytes()
	}

	/// The canonical text; empty when there is no metadata.
	pub fn as_str(&self) -> &str {
		&self.text
	}

	/// The `ptSalt` under which the body is committed to; `None` when the record has none.
	pub fn commitment_salt(&self) -> Option<&CommitmentSalt> {
		self.commitment_salt.as_ref()
	}

	/// The members as a record has them.
	pub fn record(&self) -> Result<RecordMetadata, MetadataError> {
		serde_json::from_str(&self.text).map_err(|error| MetadataError::Schema(error.to_string()))
	}
}

impl fmt::Debug for Metadata {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "Metadata({} bytes)", self.text.len())
	}
}

fn commitment_salt(value: &Value) -> Result<Option<CommitmentSalt>, MetadataError> {
	let Some(salt) = value.get("ptSalt") else { return Ok(None) };
	let lower_hex =
		salt.as_str().filter(|text| text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f')));
	let bytes = lower_hex.and_then(|text| parse_hex(text).ok());
	bytes.map(|bytes| Some(CommitmentSalt(bytes))).ok_or(MetadataError::CommitmentSalt)
}

/// The metadata of a record, schema `hre-meta/1`. Members that are `None` are left out of the JSON;
/// members that are not listed here are ignored when read.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordMetadata {
	/// Always [`Self::SCHEMA`] when written by this version.
	pub schema: String,
	/// Media type of the body, as `application/fhir+json`.
	pub content_type: String,
	/// FHIR release of the body, as `4.0.1`.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub fhir_version: Option<String>,
	/// Canonical URL of the FHIR profile that the body was validated against.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub profile: Option<String>,
	/// Identity of the author.
	#[serde(default, with = "optional_hex", skip_serializing_if = "Option::is_none")]
	pub author: Option<[u8; 32]>,
	/// Identity of the patient.
	#[serde(default, with = "optional_hex", skip_serializing_if = "Option::is_none")]
	pub subject: Option<[u8; 32]>,
	/// When the record was authored, in milliseconds since the Unix epoch.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub authored: Option<u64>,
	/// Ciphertext hash of the version before this one; `None` in the first.
	#[serde(default, with = "optional_hex", skip_serializing_if = "Option::is_none")]
	pub previous: Option<[u8; 32]>,
	/// Salt of the body commitment.
	#[serde(default, with = "optional_hex", skip_serializing_if = "Option::is_none")]
	pub pt_salt: Option<[u8; 32]>,
	/// A FHIR Provenance resource.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub provenance: Option<Value>,
}

impl RecordMetadata {
	/// The schema that this version writes.
	pub const SCHEMA: &str = "hre-meta/1";

	/// Metadata of a FHIR resource in JSON, with a fresh commitment salt.
	pub fn fhir_json(fhir_version: impl Into<String>) -> Self {
		Self {
			schema: Self::SCHEMA.into(),
			content_type: "application/fhir+json".into(),
			fhir_version: Some(fhir_version.into()),
			..Self::binary("")
		}
	}

	/// Metadata of anything that is not FHIR, by its media type, with a fresh commitment salt.
	pub fn binary(content_type: impl Into<String>) -> Self {
		Self {
			schema: Self::SCHEMA.into(),
			content_type: content_type.into(),
			fhir_version: None,
			profile: None,
			author: None,
			subject: None,
			authored: None,
			previous: None,
			pt_salt: Some(CommitmentSalt::generate().0),
			provenance: None,
		}
	}

	/// Brings it into canonical form, ready to be sealed.
	pub fn to_metadata(&self) -> Result<Metadata, MetadataError> {
		let value =
			serde_json::to_value(self).map_err(|error| MetadataError::Schema(error.to_string()))?;
		Metadata::from_value(&value)
	}
}

impl fmt::Debug for RecordMetadata {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		// Who and what are the patient's business; the kind of content is not.
		f.debug_struct("RecordMetadata")
			.field("schema", &self.schema)
			.field("content_type", &self.content_type)
			.finish_non_exhaustive()
	}
}

/// 32 bytes as 64 hexadecimal digits.
mod optional_hex {
	use super::parse_hex;
	use serde::{Deserialize, Deserializer, Serializer, de::Error};

	pub(super) fn serialize<S: Serializer>(
		bytes: &Option<[u8; 32]>,
		serializer: S,
	) -> Result<S::Ok, S::Error> {
		match bytes {
			Some(bytes) => serializer.serialize_str(&hex::encode(bytes)),
			None => serializer.serialize_none(),
		}
	}

	pub(super) fn deserialize<'de, D: Deserializer<'de>>(
		deserializer: D,
	) -> Result<Option<[u8; 32]>, D::Error> {
		let text = String::deserialize(deserializer)?;
		parse_hex(&text).map(Some).map_err(D::Error::custom)
	}
}
