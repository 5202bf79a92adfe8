// SPDX-License-Identifier: Apache-2.0
//! Small conveniences over the JSON tree of the FHIR crate, which keeps decimals as written.

use fhirkit::Json;

/// The members of an object; none for anything else.
pub(crate) fn members(value: &Json) -> &[(String, Json)] {
	value.as_object().unwrap_or_default()
}

/// The items of an array; none for anything else.
pub(crate) fn items(value: Option<&Json>) -> &[Json] {
	match value {
		Some(Json::Array(items)) => items,
		_ => &[],
	}
}

/// The string under `key`.
pub(crate) fn string<'a>(value: &'a Json, key: &str) -> Option<&'a str> {
	value.get(key).and_then(Json::as_str)
}

/// The number under `key`, for comparisons that can afford to round.
pub(crate) fn number(value: &Json, key: &str) -> Option<f64> {
	match value.get(key) {
		Some(Json::Number(text)) => text.parse().ok(),
		_ => None,
	}
}

/// Whether any of `keys` is there, or its extended twin (`_key`).
pub(crate) fn has_any(value: &Json, keys: &[&str]) -> bool {
	members(value)
		.iter()
		.any(|(key, _)| keys.contains(&key.strip_prefix('_').unwrap_or(key.as_str())))
}

/// The member of a choice element `base[x]`: its key and value.
pub(crate) fn choice<'a>(value: &'a Json, base: &str) -> Option<(&'a str, &'a Json)> {
	members(value).iter().find_map(|(key, inner)| {
		let name = key.strip_prefix('_').unwrap_or(key.as_str());
		let suffix = name.strip_prefix(base)?;
		suffix.starts_with(|c: char| c.is_ascii_uppercase()).then_some((key.as_str(), inner))
	})
}

/// The FHIR resource type of an object.
pub(crate) fn resource_type(value: &Json) -> &str {
	string(value, "resourceType").unwrap_or_default()
}

/// An object of the given members, in this order.
pub(crate) fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
	Json::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// A JSON string.
pub(crate) fn text(value: impl Into<String>) -> Json {
	Json::String(value.into())
}

/// An array of one.
pub(crate) fn one(value: Json) -> Json {
	Json::Array(vec![value])
}
