// SPDX-License-Identifier: Apache-2.0

//! The values of events: moments, hashes, names of things.

use super::document::Placed;
use salus_gs1::{CompanyPrefix, Date, DigitalLink, EpcKey, EpcUri, Gln, Gtin, Serial, Sscc};
use salus_primitives::{Digest, Moment};

/// A thing that an event names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Thing {
	/// A unit or a case: a GTIN with a serial.
	Item(Gtin, Serial),
	/// A logistic unit.
	Logistic(Sscc),
}

/// Reads the name of a thing, as EPC URI or Digital Link, with the company prefix where the form says
/// it.
pub(super) fn thing(named: &Placed) -> Result<(Thing, Option<CompanyPrefix>), String> {
	let text = named.text.as_str();
	let wrong = |reason: &dyn std::fmt::Display| format!("`{text}`: {reason}");
	let neither =
		"it names neither a single item nor a logistic unit, and nothing else is followed";
	if !text.starts_with("http") {
		let uri = EpcUri::parse(text).map_err(|error| wrong(&error))?;
		let thing = match uri.key() {
			EpcKey::Sgtin(gtin, serial) => Thing::Item(gtin, serial),
			EpcKey::Sscc(sscc) => Thing::Logistic(sscc),
			_ => return Err(wrong(&neither)),
		};
		return Ok((thing, Some(uri.company_prefix())));
	}
	let link = DigitalLink::parse(text).map_err(|error| wrong(&error))?;
	let elements = link.to_elements().map_err(|error| wrong(&error))?;
	match (elements.gtin(), elements.serial(), elements.sscc()) {
		(Some(gtin), Some(serial), _) => Ok((Thing::Item(gtin, serial), None)),
		(_, _, Some(sscc)) => Ok((Thing::Logistic(sscc), None)),
		_ => Err(wrong(&neither)),
	}
}

/// Reads the name of a party or place.
pub(super) fn location(named: &Placed) -> Result<Gln, String> {
	let text = named.text.as_str();
	let wrong = |reason: &dyn std::fmt::Display| format!("`{text}`: {reason}");
	let neither = "it names neither a place nor a party";
	if text.starts_with("http") {
		let link = DigitalLink::parse(text).map_err(|error| wrong(&error))?;
		let elements = link.to_elements().map_err(|error| wrong(&error))?;
		let [location, party] = [salus_gs1::Ai::Location, salus_gs1::Ai::Party];
		return elements
			.gln(location)
			.or_else(|| elements.gln(party))
			.ok_or_else(|| wrong(&neither));
	}
	match EpcUri::parse(text).map_err(|error| wrong(&error))?.key() {
		EpcKey::Sgln(gln, _) | EpcKey::Pgln(gln) => Ok(gln),
		_ => Err(wrong(&neither)),
	}
}

/// Reads a moment of RFC 3339, in milliseconds since the Unix epoch.
pub(super) fn moment(text: &str) -> Result<Moment, String> {
	read_moment(text).ok_or_else(|| {
		format!("`{text}` is no time: it is written 2023-03-27T06:45:16Z, or with an offset")
	})
}

fn read_moment(text: &str) -> Option<Moment> {
	let (day, rest) = text.split_at_checked(10)?;
	let day: Date = day.parse().ok()?;
	let rest = rest.strip_prefix('T')?;
	let (clock, rest) = rest.split_at_checked(8)?;
	let number = |from: usize| -> Option<u64> {
		let digits = clock.get(from..from.checked_add(2)?)?;
		digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
	};
	let marks = clock.get(2..3) == Some(":") && clock.get(5..6) == Some(":");
	let (hour, minute, second) = (number(0)?, number(3)?, number(6)?);
	if !marks || hour > 23 || minute > 59 || second > 60 {
		return None;
	}
	let (millis, zone) = fraction(rest)?;
	let seconds = hour.checked_mul(3600)?.checked_add(minute.checked_mul(60)?)?;
	let within = seconds.checked_add(second)?.checked_mul(1000)?.checked_add(millis)?;
	let local = day.begins_at()?.checked_add(within)?;
	let offset = offset(zone)?.checked_mul(60_000)?;
	local.checked_add_signed(offset.checked_neg()?)
}

/// The milliseconds of a fraction of a second, and what is behind it.
fn fraction(rest: &str) -> Option<(u64, &str)> {
	let Some(behind) = rest.strip_prefix('.') else { return Some((0, rest)) };
	let end = behind.bytes().position(|byte| !byte.is_ascii_digit())?;
	let (digits, zone) = behind.split_at_checked(end)?;
	let first: String = digits.chars().chain("00".chars()).take(3).collect();
	(!digits.is_empty()).then_some((first.parse().ok()?, zone))
}

/// An offset in minutes.
fn offset(zone: &str) -> Option<i64> {
	if zone == "Z" {
		return Some(0);
	}
	let (sign, clock) = zone.split_at_checked(1)?;
	let (hours, minutes) = clock.split_once(':')?;
	let number = |digits: &str, most: i64| -> Option<i64> {
		let sound = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
		digits.parse().ok().filter(|number| sound && *number <= most)
	};
	let minutes = number(hours, 14)?.checked_mul(60)?.checked_add(number(minutes, 59)?)?;
	match sign {
		"+" => Some(minutes),
		"-" => minutes.checked_neg(),
		_ => None,
	}
}

/// The SHA-256 of an event's id in the form of RFC 6920; none of another form.
pub(super) fn event_hash(id: &str) -> Option<Digest> {
	let rest = id.strip_prefix("ni:///sha-256;")?;
	let digits = rest.split('?').next()?;
	let mut hash = [0; 32];
	hex::decode_to_slice(digits, &mut hash).ok()?;
	Some(Digest(hash))
}
