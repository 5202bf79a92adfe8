// SPDX-License-Identifier: Apache-2.0

//! Dates and times as FHIR writes them, and the moments they mean.

use salus_primitives::{Moment, Window};
use std::str::FromStr;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// A FHIR date or date-time: from its first moment to the first one after it. A date without a zone
/// is that day in UTC.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Date(pub(super) Window);

impl FromStr for Date {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		parse(text).map(Self).ok_or_else(|| {
			format!(
				"`{text}` is no date: write 2026-09-21, or 2026-09-21T14:30:00Z with a time and a zone"
			)
		})
	}
}

/// A moment as FHIR writes it, in UTC, to the millisecond: `2026-09-21T14:13:20.000Z`.
pub(super) fn instant(moment: Moment) -> String {
	let text = salus_client::utc(moment);
	format!("{}.{:03}Z", text.trim_end_matches('Z'), moment % 1000)
}

fn parse(text: &str) -> Option<Window> {
	let (date, time) = match text.split_once('T') {
		Some((date, time)) => (date, Some(time)),
		None => (text, None),
	};
	let mut parts = date.split('-');
	let year = digits(parts.next()?, 4)?;
	let month = parts.next().map(|part| digits(part, 2));
	let day = parts.next().map(|part| digits(part, 2));
	if parts.next().is_some() {
		return None;
	}
	let (first, after) = match (month, day) {
		(None, None) => (days(year, 1, 1), days(year.checked_add(1)?, 1, 1)),
		(Some(month), None) => {
			let (month, next) = (month?, month?.checked_add(1)?);
			month_length(year, month)?;
			let after =
				if next > 12 { days(year.checked_add(1)?, 1, 1) } else { days(year, next, 1) };
			(days(year, month, 1), after)
		},
		(Some(month), Some(day)) => {
			let (month, day) = (month?, day?);
			if !(1..=month_length(year, month)?).contains(&day) {
				return None;
			}
			let first = days(year, month, day);
			(first, first.checked_add(1)?)
		},
		(None, Some(_)) => return None,
	};
	let Some(time) = time else {
		return window(first.checked_mul(DAY)?, after.checked_mul(DAY)?);
	};
	day?;
	let (clock, precision, offset) = clock(time)?;
	let from = first.checked_mul(DAY)?.checked_add(clock)?.checked_sub(offset)?;
	window(from, from.checked_add(precision)?)
}

/// Both after 1970, which no moment lies before.
fn window(from: i64, until: i64) -> Option<Window> {
	Window::new(u64::try_from(from).ok()?, u64::try_from(until).ok()?)
}

/// `HH:MM:SS(.s+)?` and a zone: milliseconds of the day, how long the last digit is, milliseconds
/// east of UTC.
fn clock(time: &str) -> Option<(i64, i64, i64)> {
	let (clock, zone) = time.split_at(time.find(['Z', '+', '-'])?);
	let (whole, fraction) = match clock.split_once('.') {
		Some((whole, fraction)) => (whole, Some(fraction)),
		None => (clock, None),
	};
	let mut parts = whole.split(':');
	let mut part = |below: i64| digits(parts.next()?, 2).filter(|part| *part < below);
	let (hour, minute, second) = (part(24)?, part(60)?, part(60)?);
	if parts.next().is_some() {
		return None;
	}
	let (millis, precision) = match fraction {
		None => (0, 1000),
		Some(digits) if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) => {
			return None;
		},
		Some(digits) => {
			let millis = format!("{digits:0<3}").get(..3)?.parse().ok()?;
			(millis, [100, 10].get(digits.len().checked_sub(1)?).copied().unwrap_or(1))
		},
	};
	let clock = ((hour * 60 + minute) * 60 + second) * 1000 + millis;
	if zone == "Z" {
		return Some((clock, precision, 0));
	}
	let (hours, minutes) = zone.get(1..)?.split_once(':')?;
	let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
	if hours > 14 || minutes > 59 {
		return None;
	}
	let offset = (hours * 60 + minutes) * 60 * 1000;
	Some((clock, precision, if zone.starts_with('-') { -offset } else { offset }))
}

fn digits(text: &str, length: usize) -> Option<i64> {
	let is_plain = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
	is_plain.then(|| text.parse().ok()).flatten()
}

fn month_length(year: i64, month: i64) -> Option<i64> {
	let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	match month {
		1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
		4 | 6 | 9 | 11 => Some(30),
		2 if is_leap => Some(29),
		2 => Some(28),
		_ => None,
	}
}

/// Days since 1970 of a day of the calendar (H. Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms").
fn days(year: i64, month: i64, day: i64) -> i64 {
	let year = if month <= 2 { year - 1 } else { year };
	let era = year.div_euclid(400);
	let year_of_era = year.rem_euclid(400);
	let shifted = if month > 2 { month - 3 } else { month + 9 };
	let day_of_year = (153 * shifted + 2) / 5 + day - 1;
	let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
	use super::*;

	fn bounds(text: &str) -> (String, String) {
		let Date(window) = text.parse().unwrap();
		(instant(window.from), instant(window.until))
	}

	#[test]
	fn dates_are_as_long_as_they_are_precise() {
		for (text, from, until) in [
			("2026", "2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"),
			("2026-12", "2026-12-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"),
			("2024-02-29", "2024-02-29T00:00:00.000Z", "2024-03-01T00:00:00.000Z"),
			("2026-09-21T14:13:20Z", "2026-09-21T14:13:20.000Z", "2026-09-21T14:13:21.000Z"),
			("2026-09-21T14:13:20.9Z", "2026-09-21T14:13:20.900Z", "2026-09-21T14:13:21.000Z"),
			("2026-09-21T14:13:20.999Z", "2026-09-21T14:13:20.999Z", "2026-09-21T14:13:21.000Z"),
			("2026-09-21T01:00:00+02:00", "2026-09-20T23:00:00.000Z", "2026-09-20T23:00:01.000Z"),
			("2026-09-21T23:00:00-02:30", "2026-09-22T01:30:00.000Z", "2026-09-22T01:30:01.000Z"),
		] {
			assert_eq!(bounds(text), (from.into(), until.into()), "{text}");
		}
	}

	#[test]
	fn what_the_calendar_does_not_have_is_no_date() {
		for wrong in [
			"",
			"26",
			"2026-13",
			"2026-00",
			"2026-02-29",
			"2026-09-31",
			"1969-12-31",
			"2026-09-21-1",
			"2026-09-21T14:13",
			"2026-09-21T14:13:20",
			"2026-09-21T24:00:00Z",
			"2026-09-21T14:60:00Z",
			"2026-09-21T14:13:20.Z",
			"2026-09-21T14:13:20+15:00",
			"2026-09T14:13:20Z",
			"+026-09-21",
		] {
			assert!(wrong.parse::<Date>().is_err(), "{wrong}");
		}
	}

	#[test]
	fn every_moment_is_read_as_it_is_written() {
		for moment in (0..4_000_000_000_000).step_by(86_399_999_999) {
			let Date(window) = instant(moment).parse().unwrap();
			assert_eq!((window.from, window.until), (moment, moment + 1));
		}
	}
}
