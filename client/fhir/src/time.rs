// SPDX-License-Identifier: Apache-2.0
//! FHIR dates and times as intervals of Unix milliseconds.

/// Milliseconds of a day.
pub(crate) const DAY: i64 = 24 * 60 * 60 * 1000;

/// The first zone to enter a day is UTC+14, the last to leave it UTC-12: a value without a zone
/// may mean any moment between.
const EAST: i64 = 14 * 60 * 60 * 1000;
const WEST: i64 = 12 * 60 * 60 * 1000;

/// The moments a FHIR `date`, `dateTime` or `instant` may stand for: a year is long, an instant
/// is a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
	/// The first millisecond it may mean.
	pub(crate) from: i64,
	/// The last millisecond it may mean.
	pub(crate) to: i64,
}

impl Span {
	/// Reads a FHIR date, date-time or instant. `None` if it is none, or names a day or an hour
	/// that the calendar does not have.
	pub(crate) fn parse(text: &str) -> Option<Self> {
		let (date, time) = match text.split_once('T') {
			Some((date, time)) => (date, Some(time)),
			None => (text, None),
		};
		let mut parts = date.split('-');
		let year = digits(parts.next()?, 4)?;
		let month = parts.next().map(|part| digits(part, 2)).transpose_none()?;
		let day = parts.next().map(|part| digits(part, 2)).transpose_none()?;
		if parts.next().is_some() {
			return None;
		}
		let (first, last) = match (month, day) {
			(None, None) => (days(year, 1, 1), days(year, 12, 31)),
			(Some(month), None) => {
				(days(year, month, 1), days(year, month, month_length(year, month)?))
			},
			(Some(month), Some(day)) if (1..=month_length(year, month)?).contains(&day) => {
				(days(year, month, day), days(year, month, day))
			},
			_ => return None,
		};
		let Some(time) = time else {
			return Some(Self { from: first * DAY - EAST, to: last * DAY + DAY - 1 + WEST });
		};
		day?;
		let (clock, offset) = split_zone(time)?;
		let at = first * DAY + clock - offset;
		Some(Self { from: at, to: at })
	}

	/// Whether all of it lies after `moment`.
	pub(crate) fn is_after(self, moment: i64) -> bool {
		self.from > moment
	}

	/// Whether all of it lies before all of `other`.
	pub(crate) fn is_before(self, other: Self) -> bool {
		self.to < other.from
	}
}

/// `Some(None)` of a part that was not there, `None` of one that is wrong.
trait TransposeNone<T> {
	fn transpose_none(self) -> Option<Option<T>>;
}

impl<T> TransposeNone<T> for Option<Option<T>> {
	fn transpose_none(self) -> Option<Option<T>> {
		match self {
			None => Some(None),
			Some(None) => None,
			Some(Some(value)) => Some(Some(value)),
		}
	}
}

fn digits(text: &str, length: usize) -> Option<i64> {
	let plain = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
	plain.then(|| text.parse().ok()).flatten()
}

/// `HH:MM:SS(.s+)?` and a zone: milliseconds of the day, milliseconds east of UTC.
fn split_zone(time: &str) -> Option<(i64, i64)> {
	let at = time.find(['Z', '+', '-'])?;
	let (clock, zone) = time.split_at(at);
	let (whole, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
	let mut parts = whole.split(':');
	let hour = digits(parts.next()?, 2).filter(|hour| *hour < 24)?;
	let minute = digits(parts.next()?, 2).filter(|minute| *minute < 60)?;
	// A leap second is 60.
	let second = digits(parts.next()?, 2).filter(|second| *second <= 60)?;
	if parts.next().is_some() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
		return None;
	}
	let millis: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
	let clock = ((hour * 60 + minute) * 60 + second) * 1000 + millis;
	if zone == "Z" {
		return Some((clock, 0));
	}
	let (hours, minutes) = zone.get(1..)?.split_once(':')?;
	let offset = (digits(hours, 2)? * 60 + digits(minutes, 2)?) * 60 * 1000;
	Some((clock, if zone.starts_with('-') { -offset } else { offset }))
}

fn is_leap(year: i64) -> bool {
	year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn month_length(year: i64, month: i64) -> Option<i64> {
	match month {
		1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
		4 | 6 | 9 | 11 => Some(30),
		2 if is_leap(year) => Some(29),
		2 => Some(28),
		_ => None,
	}
}

/// Days since 1970-01-01 in the Gregorian calendar. Years start in March, so that the leap day is
/// the last of its year and months follow one formula.
fn days(year: i64, month: i64, day: i64) -> i64 {
	let year = if month <= 2 { year - 1 } else { year };
	let era = year.div_euclid(400);
	let of_era = year.rem_euclid(400);
	let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
	era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// A moment as a FHIR `instant` in UTC, to the second.
pub(crate) fn instant(millis: u64) -> String {
	let seconds = millis / 1000;
	let (day, clock) = ((seconds / 86_400) as i64, seconds % 86_400);
	let shifted = day + 719_468;
	let era = shifted.div_euclid(146_097);
	let of_era = shifted.rem_euclid(146_097);
	let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
	let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	let from_march = (5 * of_year + 2) / 153;
	let day_of_month = of_year - (153 * from_march + 2) / 5 + 1;
	let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
	let year = year_of_era + era * 400 + i64::from(month <= 2);
	let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
	format!("{year:04}-{month:02}-{day_of_month:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
	use super::*;

	fn point(text: &str) -> i64 {
		let span = Span::parse(text).unwrap();
		assert_eq!(span.from, span.to);
		span.from
	}

	#[test]
	fn instants_are_points_in_utc() {
		assert_eq!(point("1970-01-01T00:00:00Z"), 0);
		assert_eq!(point("2000-03-01T00:00:00Z"), 951_868_800_000);
		assert_eq!(point("2011-05-20T04:47:46.916+02:00"), 1_305_859_666_916);
		assert_eq!(point("1969-12-31T23:59:59.5Z"), -500);
	}

	#[test]
	fn writing_and_reading_agree() {
		for millis in [0, 951_782_400_000, 951_868_799_000, 1_795_000_000_000, 4_102_444_800_000] {
			assert_eq!(point(&instant(millis)), millis as i64);
		}
	}

	#[test]
	fn a_date_may_be_anywhere_on_earth() {
		let day = Span::parse("2020-02-29").unwrap();
		assert_eq!(day.from, point("2020-02-29T00:00:00+14:00"));
		assert_eq!(day.to, point("2020-02-29T23:59:59.999-12:00"));
		assert_eq!(Span::parse("2020-02").unwrap().to, day.to);
		assert!(Span::parse("2019").unwrap().is_before(Span::parse("2020-02").unwrap()));
	}

	#[test]
	fn refuses_what_the_calendar_does_not_have() {
		for text in [
			"2019-02-29",
			"2020-13",
			"2020-00-10",
			"2020-04-31",
			"2020-01-01T24:00:00Z",
			"2020-01-01T10:00:00",
			"2020-01T10:00:00Z",
			"x",
			"2020-01-01-01",
		] {
			assert_eq!(Span::parse(text), None, "{text}");
		}
	}
}
