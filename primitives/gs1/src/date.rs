// SPDX-License-Identifier: Apache-2.0

//! Dates of six digits, their century, and the day 00.

use crate::{CodeError, digits, macros::serde_as_text};
use codec::{Decode, DecodeWithMemTracking, Encode, Error as DecodeError, Input, MaxEncodedLen};
use core::{fmt, str::FromStr};
use scale_info::TypeInfo;

/// What is wrong with a date or time.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub enum DateFault {
	/// Months go from 01 to 12.
	#[codec(index = 0)]
	Month {
		/// What is given.
		given: u8,
	},
	/// The month has fewer days.
	#[codec(index = 1)]
	Day {
		/// What is given.
		given: u8,
	},
	/// Day 00 stands for the end of a month, and this field wants a day.
	#[codec(index = 2)]
	DayMissing,
	/// February has no 29th in that year.
	#[codec(index = 3)]
	NoLeapYear {
		/// The year.
		year: u16,
	},
	/// Hours go from 00 to 23.
	#[codec(index = 4)]
	Hour {
		/// What is given.
		given: u8,
	},
	/// Minutes go from 00 to 59.
	#[codec(index = 5)]
	Minute {
		/// What is given.
		given: u8,
	},
	/// The year has no such day, counted from 001.
	#[codec(index = 6)]
	DayOfYear {
		/// What is given.
		given: u16,
	},
	/// Years go from 1900 to 9999.
	#[codec(index = 7)]
	Year {
		/// What is given.
		given: u16,
	},
	/// The text is no date of the form 2027-03-31, nor 2027-03 for a month without a day.
	#[codec(index = 8)]
	Form,
}

impl fmt::Display for DateFault {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match *self {
			Self::Month { given } => write!(f, "there is no month {given:02}; use 01 to 12"),
			Self::Day { given } => write!(f, "that month has no day {given:02}"),
			Self::DayMissing => {
				f.write_str("day 00, the end of a month, is not allowed here; give the day")
			},
			Self::NoLeapYear { year } => write!(f, "February has no 29th in {year}"),
			Self::Hour { given } => write!(f, "there is no hour {given:02}; use 00 to 23"),
			Self::Minute { given } => write!(f, "there is no minute {given:02}; use 00 to 59"),
			Self::DayOfYear { given } => write!(f, "that year has no day {given:03}"),
			Self::Year { given } => write!(f, "the year {given} is not between 1900 and 9999"),
			Self::Form => f.write_str("a date is written 2027-03-31, or 2027-03 without a day"),
		}
	}
}

impl core::error::Error for DateFault {}

impl From<DateFault> for CodeError {
	fn from(fault: DateFault) -> Self {
		Self::BadDate(fault)
	}
}

/// A date of six digits, YYMMDD: its century is not on the label, and day 00 stands for the last of
/// the month (GS1 General Specifications, section 3.4).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ShortDate {
	year: u8,
	month: u8,
	day: u8,
}

impl ShortDate {
	/// Reads six digits.
	pub fn parse(text: &[u8]) -> Result<Self, CodeError> {
		let number = digits::number_of(text, 6)?;
		let part = |from| digits::slice(number, 6, from, 2) as u8;
		Ok(Self::new(part(0), part(2), part(4))?)
	}

	/// A date of a year of two digits. February may have 29 days where some century lets it.
	pub fn new(year: u8, month: u8, day: u8) -> Result<Self, DateFault> {
		if !(1..=12).contains(&month) {
			return Err(DateFault::Month { given: month });
		}
		if year > 99 {
			return Err(DateFault::Year { given: year.into() });
		}
		if day > days_in(month, year.is_multiple_of(4)) {
			return Err(match (month, day) {
				(2, 29) => DateFault::NoLeapYear { year: year.into() },
				_ => DateFault::Day { given: day },
			});
		}
		Ok(Self { year, month, day })
	}

	/// The date in its century, which follows from the year that it is read in (section 7.12): at
	/// most 50 years ahead, at most 49 back.
	pub fn read_in(self, this_year: u16) -> Result<Date, DateFault> {
		Date::new(full_year(self.year, this_year), self.month, self.day)
	}

	/// The short form of a date; its century is lost.
	pub fn of(date: Date) -> Self {
		Self { year: (date.year % 100) as u8, month: date.month, day: date.day }
	}
}

impl fmt::Display for ShortDate {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "{:02}{:02}{:02}", self.year, self.month, self.day)
	}
}

/// The year with the two last digits `short` that lies nearest to `this_year`.
pub(crate) fn full_year(short: u8, this_year: u16) -> u16 {
	let century = this_year - this_year % 100;
	let year = century.saturating_add(short.into());
	let ahead = i32::from(short) - i32::from(this_year % 100);
	if ahead >= 51 {
		year.saturating_sub(100)
	} else if ahead <= -50 {
		year.saturating_add(100)
	} else {
		year
	}
}

/// A moment of ten digits, YYMMDDhhmm, in the local time of the product: AI (7003).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ShortTime {
	date: ShortDate,
	hour: u8,
	minute: u8,
}

impl ShortTime {
	/// Reads ten digits.
	pub fn parse(text: &[u8]) -> Result<Self, CodeError> {
		let number = digits::number_of(text, 10)?;
		let part = |from| digits::slice(number, 10, from, 2) as u8;
		let date = ShortDate::new(part(0), part(2), part(4))?;
		let (hour, minute) = (part(6), part(8));
		if date.day == 0 {
			return Err(DateFault::DayMissing.into());
		}
		if hour > 23 {
			return Err(DateFault::Hour { given: hour }.into());
		}
		if minute > 59 {
			return Err(DateFault::Minute { given: minute }.into());
		}
		Ok(Self { date, hour, minute })
	}

	/// Its day.
	pub fn date(self) -> ShortDate {
		self.date
	}

	/// Its hour, 0 to 23.
	pub fn hour(self) -> u8 {
		self.hour
	}

	/// Its minute, 0 to 59.
	pub fn minute(self) -> u8 {
		self.minute
	}
}

impl fmt::Display for ShortTime {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "{}{:02}{:02}", self.date, self.hour, self.minute)
	}
}

/// A date with its century. Day 0 is a month without a day: it begins with the first of the month
/// and ends with the last.
#[derive(Encode, MaxEncodedLen, TypeInfo, Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Date {
	year: u16,
	month: u8,
	day: u8,
}

impl Date {
	/// A date from 1900 to 9999.
	pub fn new(year: u16, month: u8, day: u8) -> Result<Self, DateFault> {
		if !(1900..=9999).contains(&year) {
			return Err(DateFault::Year { given: year });
		}
		if !(1..=12).contains(&month) {
			return Err(DateFault::Month { given: month });
		}
		if day > days_in(month, is_leap(year)) {
			return Err(match (month, day) {
				(2, 29) => DateFault::NoLeapYear { year },
				_ => DateFault::Day { given: day },
			});
		}
		Ok(Self { year, month, day })
	}

	/// The day that a moment falls on in UTC, in milliseconds since the Unix epoch; `None` after the
	/// year 9999.
	pub fn at(moment: u64) -> Option<Self> {
		let days = moment / MILLIS_OF_DAY;
		// The year or one of the few after: no year has more than 366 days.
		let guess = 1970u64.saturating_add(days / 366);
		let guess = u16::try_from(guess).ok()?;
		let begins = |year: u16| days_from_epoch(year, 1, 1);
		let days = i64::try_from(days).ok()?;
		let year = (guess..=9999).find(|year| days < begins(year.saturating_add(1)))?;
		let day_of_year = days.saturating_sub(begins(year)).saturating_add(1);
		Self::of_day(year, u16::try_from(day_of_year).ok()?).ok()
	}

	/// A day of a year, counted from 1.
	pub(crate) fn of_day(year: u16, day_of_year: u16) -> Result<Self, DateFault> {
		let fault = DateFault::DayOfYear { given: day_of_year };
		let mut day = day_of_year;
		for month in 1..=12 {
			let days = days_in(month, is_leap(year)).into();
			if day <= days {
				let day = u8::try_from(day).ok().filter(|day| *day > 0).ok_or(fault)?;
				return Self::new(year, month, day);
			}
			day = day.saturating_sub(days);
		}
		Err(fault)
	}

	/// The year.
	pub fn year(self) -> u16 {
		self.year
	}

	/// The month, 1 to 12.
	pub fn month(self) -> u8 {
		self.month
	}

	/// The day as written, 0 where only the month is.
	pub fn day(self) -> u8 {
		self.day
	}

	/// The day meant where something may be used up to this date: the last of the month for day 0.
	pub fn last_day(self) -> u8 {
		if self.day == 0 { days_in(self.month, is_leap(self.year)) } else { self.day }
	}

	/// The first moment of it in UTC, in milliseconds since the Unix epoch; `None` before 1970.
	pub fn begins_at(self) -> Option<u64> {
		millis(days_from_epoch(self.year, self.month, self.day.max(1)))
	}

	/// The first moment after it in UTC, in milliseconds since the Unix epoch; `None` before 1970.
	///
	/// What expires on this date may be used while `now < ends_at`.
	pub fn ends_at(self) -> Option<u64> {
		millis(days_from_epoch(self.year, self.month, self.last_day()).saturating_add(1))
	}

	/// Whether it ends before `other` begins, so that no moment is on both or between.
	pub fn is_wholly_before(self, other: Self) -> bool {
		(self.year, self.month, self.last_day()) < (other.year, other.month, other.day.max(1))
	}
}

impl fmt::Display for Date {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "{:04}-{:02}", self.year, self.month)?;
		if self.day == 0 { Ok(()) } else { write!(f, "-{:02}", self.day) }
	}
}

impl FromStr for Date {
	type Err = CodeError;

	/// Reads `2027-03-31`, or `2027-03` for a month without a day.
	fn from_str(text: &str) -> Result<Self, CodeError> {
		let mut parts = text.split('-');
		let mut part = |length| match parts.next() {
			None => Ok(None),
			Some(part) if part.len() == length => {
				digits::number(part.as_bytes()).map(Some).map_err(|_| DateFault::Form)
			},
			Some(_) => Err(DateFault::Form),
		};
		let (Some(year), Some(month), day) = (part(4)?, part(2)?, part(2)?) else {
			return Err(DateFault::Form.into());
		};
		// A day of zero is not written in this form, and nothing follows the day.
		if day == Some(0) || parts.next().is_some() {
			return Err(DateFault::Form.into());
		}
		Ok(Self::new(year as u16, month as u8, day.unwrap_or(0) as u8)?)
	}
}

impl Decode for Date {
	fn decode<I: Input>(input: &mut I) -> Result<Self, DecodeError> {
		let (year, month, day) = Decode::decode(input)?;
		Self::new(year, month, day).map_err(|_| "not a date".into())
	}
}

impl DecodeWithMemTracking for Date {}

serde_as_text!(Date);

const MILLIS_OF_DAY: u64 = 24 * 60 * 60 * 1000;

const fn is_leap(year: u16) -> bool {
	year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

const fn days_in(month: u8, leap: bool) -> u8 {
	match month {
		2 if leap => 29,
		2 => 28,
		4 | 6 | 9 | 11 => 30,
		_ => 31,
	}
}

/// Days from 1970-01-01, in the Gregorian calendar.
fn days_from_epoch(year: u16, month: u8, day: u8) -> i64 {
	let before = i64::from(year) - 1;
	let years = before * 365 + before / 4 - before / 100 + before / 400;
	let months: i64 = (1..month).map(|month| i64::from(days_in(month, is_leap(year)))).sum();
	// 719,162 days lie between the first of January of the years 1 and 1970.
	years + months + i64::from(day) - 1 - 719_162
}

fn millis(days: i64) -> Option<u64> {
	u64::try_from(days).ok()?.checked_mul(MILLIS_OF_DAY)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn days_are_counted_from_the_epoch() {
		assert_eq!(days_from_epoch(1970, 1, 1), 0);
		assert_eq!(days_from_epoch(1969, 12, 31), -1);
		assert_eq!(days_from_epoch(2000, 3, 1), 11_017);
		assert_eq!(days_from_epoch(2024, 2, 29), 19_782);
		assert_eq!(days_from_epoch(2025, 3, 27), 20_174);
	}

	#[test]
	fn a_day_of_a_year_becomes_a_date() {
		assert_eq!(Date::of_day(2014, 32), Date::new(2014, 2, 1));
		assert_eq!(Date::of_day(2024, 366), Date::new(2024, 12, 31));
		assert_eq!(Date::of_day(2023, 366), Err(DateFault::DayOfYear { given: 366 }));
		assert_eq!(Date::of_day(2023, 0), Err(DateFault::DayOfYear { given: 0 }));
	}
}
