// SPDX-License-Identifier: Apache-2.0

//! Services of organisations and practitioners, as a DID document lists them.

use super::Deposit;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use scale_info::TypeInfo;

/// The name of a service within its identity: the fragment of its id in the DID document.
pub type ServiceId = BoundedVec<u8, ConstU32<32>>;
/// What a service is.
pub type ServiceKind = BoundedVec<u8, ConstU32<64>>;
/// Where a service is.
pub type ServiceUrl = BoundedVec<u8, ConstU32<256>>;

/// A service (W3C DID Core 1.1, section 5.4). Everybody can read all of it.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Service {
	/// Its name within the identity: letters, digits, dot, underscore and hyphen.
	pub id: ServiceId,
	/// What it is: letters, digits, dot, underscore and hyphen.
	pub kind: ServiceKind,
	/// Where it is: an address that begins with `https://`, or a DID.
	pub url: ServiceUrl,
}

/// Why a service cannot stand in a DID document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadService {
	/// Its id is empty or holds other characters.
	Id,
	/// Its id is one that keys have.
	IdReserved,
	/// Its kind is empty or holds other characters.
	Kind,
	/// Its address is none.
	Url,
}

impl Service {
	/// Checks that it can stand in a DID document.
	pub fn check(&self) -> Result<(), BadService> {
		match self {
			_ if !is_name(&self.id) => Err(BadService::Id),
			_ if is_fragment_of_key(&self.id) => Err(BadService::IdReserved),
			_ if !is_name(&self.kind) => Err(BadService::Kind),
			_ if !is_address(&self.url) => Err(BadService::Url),
			_ => Ok(()),
		}
	}
}

fn is_name(text: &[u8]) -> bool {
	let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
	!text.is_empty() && text.iter().all(allowed)
}

/// Whether `id` could be the fragment of a key, so that two things would have one id: a number, or
/// a number after `ka-` or `key-`.
fn is_fragment_of_key(id: &[u8]) -> bool {
	let number = id.strip_prefix(b"ka-").or_else(|| id.strip_prefix(b"key-")).unwrap_or(id);
	number.iter().all(u8::is_ascii_digit)
}

/// Whether `url` is an address with a host, or a DID with a method and an id (RFC 3986, section 2;
/// W3C DID Core 1.1, section 3.1).
fn is_address(url: &[u8]) -> bool {
	let allowed =
		|byte: &u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(byte);
	if !url.iter().all(allowed) {
		return false;
	}
	if let Some(rest) = url.strip_prefix(b"https://") {
		return rest.first().is_some_and(|first| !b":/?#@".contains(first));
	}
	let Some(rest) = url.strip_prefix(b"did:") else { return false };
	let mut parts = rest.splitn(2, |byte| *byte == b':');
	let method = parts.next().unwrap_or_default();
	let id = parts.next().unwrap_or_default();
	let lower = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
	!method.is_empty() && method.iter().all(lower) && !id.is_empty()
}

/// A service as it is stored, under its identity and id.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct ServiceRecord<AccountId, Ticket> {
	/// What it is.
	pub kind: ServiceKind,
	/// Where it is.
	pub url: ServiceUrl,
	/// The deposit for its row.
	pub deposit: Deposit<AccountId, Ticket>,
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn text<const N: u32>(text: &str) -> BoundedVec<u8, ConstU32<N>> {
		text.as_bytes().to_vec().try_into().unwrap()
	}

	fn check(id: &str, kind: &str, url: &str) -> Result<(), BadService> {
		Service { id: text(id), kind: text(kind), url: text(url) }.check()
	}

	#[test]
	fn what_services_are_made_of_is_accepted() {
		for id in ["fhir", "FHIR.r4_eu-1", "k", "ka-x", "key-1a", "-"] {
			let url = "https://hospital.example/fhir";
			assert_eq!(check(id, "FhirEndpoint", url), Ok(()), "{id}");
		}
		for url in [
			"https://a",
			"https://hospital.example:8443/fhir/R4?x=%20&y=(1)#top",
			"https://[2001:db8::1]/",
			"did:web:hospital.example",
			"did:salus:0123456789abcdef:4Ns",
			"did:key:z6Mk#z6Mk",
		] {
			assert_eq!(check("fhir", "FhirEndpoint", url), Ok(()), "{url}");
		}
	}

	#[test]
	fn names_are_of_a_small_alphabet() {
		for name in ["", " ", "a b", "a/b", "a#b", "é", "a\0", "a\n"] {
			assert_eq!(check(name, "kind", "https://a"), Err(BadService::Id), "{name:?}");
			assert_eq!(check("id", name, "https://a"), Err(BadService::Kind), "{name:?}");
		}
	}

	#[test]
	fn no_service_has_the_id_of_a_key() {
		for id in ["0", "17", "ka-1", "key-0", "ka-", "key-"] {
			assert_eq!(check(id, "kind", "https://a"), Err(BadService::IdReserved), "{id}");
		}
	}

	#[test]
	fn only_addresses_and_dids_are_accepted() {
		for url in [
			"",
			"https://",
			"https:///path",
			"https://?",
			"https://:443",
			"https://@host",
			"http://hospital.example",
			"HTTPS://hospital.example",
			"ftp://hospital.example",
			"javascript:alert(1)",
			"data:text/html,x",
			"https://a b",
			"https://a\"",
			"https://a<b>",
			"https://a\\b",
			"https://höspital.example",
			"https://a\0",
			"did:",
			"did:web",
			"did:web:",
			"did::x",
			"did:Web:x",
			" https://a",
		] {
			assert_eq!(check("id", "kind", url), Err(BadService::Url), "{url:?}");
		}
	}

	proptest! {
		/// Whatever bytes come: no panic, and nothing unprintable passes.
		#[test]
		fn what_passes_is_printable(
			id in prop::collection::vec(any::<u8>(), 0..=32),
			kind in prop::collection::vec(any::<u8>(), 0..=64),
			url in prop::collection::vec(any::<u8>(), 0..=256),
		) {
			let service = Service {
				id: id.try_into().unwrap(),
				kind: kind.try_into().unwrap(),
				url: url.try_into().unwrap(),
			};
			if service.check().is_ok() {
				let all = [&service.id[..], &service.kind[..], &service.url[..]].concat();
				prop_assert!(all.iter().all(u8::is_ascii_graphic));
			}
		}
	}
}
