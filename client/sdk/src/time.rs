// SPDX-License-Identifier: Apache-2.0

//! Moments as the standards write them.

use salus_primitives::Moment;

/// A moment as XML Schema and RFC 3339 write it, in UTC and whole seconds: `2026-11-22T13:40:26Z`.
pub fn utc(moment: Moment) -> String {
	let (days, seconds) = ((moment / 86_400_000) as i64, moment / 1000 % 86_400);
	// Days since 1 March 0000 make leap days the last of their year (H. Hinnant, "chrono-Compatible
	// Low-Level Date Algorithms").
	let days = days + 719_468;
	let (era, day_of_era) = (days / 146_097, days % 146_097);
	let year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
	let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	let shifted = (5 * day_of_year + 2) / 153;
	let day = day_of_year - (153 * shifted + 2) / 5 + 1;
	let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
	let year = year_of_era + era * 400 + i64::from(month <= 2);
	let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
	format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn moments_are_civil_dates() {
		assert_eq!(utc(0), "1970-01-01T00:00:00Z");
		assert_eq!(utc(951_826_154_000), "2000-02-29T12:09:14Z");
		assert_eq!(utc(1_790_000_000_999), "2026-09-21T14:13:20Z");
		assert_eq!(utc(4_107_542_399_000), "2100-02-28T23:59:59Z");
	}
}
