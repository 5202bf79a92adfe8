// SPDX-License-Identifier: Apache-2.0

//! How values are written on the command line: hashes, parties, spans of time, amounts.

use salus_primitives::{IdentityId, Moment};
use std::{fmt, str::FromStr};
use subxt::utils::AccountId32;

/// 32 bytes in hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Hash(pub(crate) [u8; 32]);

impl FromStr for Hash {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		let digits = text.strip_prefix("0x").unwrap_or(text);
		let mut bytes = [0; 32];
		hex::decode_to_slice(digits, &mut bytes)
			.map_err(|_| String::from("expected 64 hexadecimal digits"))?;
		Ok(Self(bytes))
	}
}

impl fmt::Display for Hash {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "0x{}", hex::encode(self.0))
	}
}

/// What a [`Party`] looks like.
pub(crate) const PARTY: &str = "expected an identity (0x and 64 digits) or an account address (5…)";

/// Somebody: by identity, or by the account that serves it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Party {
	Identity(IdentityId),
	Account([u8; 32]),
}

impl FromStr for Party {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		if let Ok(id) = text.parse() {
			return Ok(Self::Identity(id));
		}
		let account = AccountId32::from_str(text).map_err(|_| String::from(PARTY))?;
		Ok(Self::Account(account.0))
	}
}

/// An account, by its address or its public key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Account(pub(crate) [u8; 32]);

impl FromStr for Account {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		let by_key = text.strip_prefix("0x").and_then(|_| text.parse::<Hash>().ok());
		let by_address = || AccountId32::from_str(text).ok().map(|account| account.0);
		by_key
			.map(|key| key.0)
			.or_else(by_address)
			.map(Self)
			.ok_or_else(|| "expected an account address (5…) or its public key (0x…)".into())
	}
}

/// A span of time: `90s`, `15m`, `12h`, `30d`, `2w`, `1y`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Span(pub(crate) Moment);

impl FromStr for Span {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		let wrong = || format!("`{text}` is no span of time: write 90s, 15m, 12h, 30d, 2w or 1y");
		let (number, unit) =
			text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
		let seconds: u64 = match unit {
			"s" => 1,
			"m" => 60,
			"h" => 60 * 60,
			"d" => 24 * 60 * 60,
			"w" => 7 * 24 * 60 * 60,
			"y" => 365 * 24 * 60 * 60,
			_ => return Err(wrong()),
		};
		let number: u64 = number.parse().map_err(|_| wrong())?;
		number.checked_mul(seconds * 1000).filter(|span| *span > 0).map(Self).ok_or_else(wrong)
	}
}

/// A day, a month or a year: `2026-09-21`, `2026-09`, `2026`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Days(String);

impl Days {
	/// The first day it means.
	pub(crate) fn first(&self) -> String {
		match self.0.len() {
			4 => format!("{}-01-01", self.0),
			7 => format!("{}-01", self.0),
			_ => self.0.clone(),
		}
	}

	/// The last day it means. No month has a 32nd day, and days are compared as text.
	pub(crate) fn last(&self) -> String {
		match self.0.len() {
			4 => format!("{}-12-31", self.0),
			7 => format!("{}-31", self.0),
			_ => self.0.clone(),
		}
	}
}

impl FromStr for Days {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		let wrong =
			|| format!("`{text}` is no day, month or year: write 2026-09-21, 2026-09 or 2026");
		let number = |part: Option<&str>, length: usize, most: u32| {
			let Some(part) = part else { return Ok(()) };
			let is_number = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
			let in_range = part.parse().is_ok_and(|number: u32| (1..=most).contains(&number));
			if is_number && in_range { Ok(()) } else { Err(wrong()) }
		};
		let mut parts = text.split('-');
		number(parts.next(), 4, 9999)?;
		number(parts.next(), 2, 12)?;
		number(parts.next(), 2, 31)?;
		if parts.next().is_some() { Err(wrong()) } else { Ok(Self(text.to_owned())) }
	}
}

/// How many decimal places a token has.
const DECIMALS: usize = 12;

/// An amount of SAL, in the smallest unit: `1`, `0.5`, `12.000000000001`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Amount(pub(crate) u128);

impl FromStr for Amount {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		let wrong =
			|| format!("`{text}` is no amount: write 10 or 0.5, with {DECIMALS} decimals at most");
		let text = text.strip_suffix("SAL").unwrap_or(text).trim();
		let (whole, part) = text.split_once('.').unwrap_or((text, ""));
		let is_number = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
		if whole.is_empty() || !is_number(whole) || !is_number(part) || part.len() > DECIMALS {
			return Err(wrong());
		}
		format!("{whole}{part:0<DECIMALS$}").parse().map(Self).map_err(|_| wrong())
	}
}

impl fmt::Display for Amount {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let unit = 10u128.pow(DECIMALS as u32);
		let part = format!("{:0>DECIMALS$}", self.0 % unit);
		let part = part.trim_end_matches('0');
		let point = if part.is_empty() { "" } else { "." };
		write!(f, "{}{point}{part} SAL", self.0 / unit)
	}
}

/// A moment as people read it, in UTC: `2026-11-22 13:40:26`.
pub(crate) fn when(moment: Moment) -> String {
	salus_client::utc(moment).replace('T', " ").replace('Z', "")
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn spans_are_read_in_every_unit() {
		let span = |text: &str| text.parse::<Span>().map(|span| span.0);
		assert_eq!(span("90s"), Ok(90_000));
		assert_eq!(span("15m"), Ok(900_000));
		assert_eq!(span("12h"), Ok(43_200_000));
		assert_eq!(span("30d"), Ok(30 * 86_400_000));
		assert_eq!(span("2w"), Ok(14 * 86_400_000));
		assert_eq!(span("1y"), Ok(365 * 86_400_000));
		for wrong in ["", "d", "5", "0d", "-1d", "1.5h", "5é", "99999999999999999y"] {
			assert!(span(wrong).is_err(), "{wrong}");
		}
	}

	#[test]
	fn days_are_days_months_or_years() {
		let bounds = |text: &str| {
			let days: Days = text.parse().unwrap();
			(days.first(), days.last())
		};
		assert_eq!(bounds("2026-09-21"), ("2026-09-21".into(), "2026-09-21".into()));
		assert_eq!(bounds("2026-09"), ("2026-09-01".into(), "2026-09-31".into()));
		assert_eq!(bounds("2026"), ("2026-01-01".into(), "2026-12-31".into()));
		for wrong in
			["", "26", "2026-13", "2026-00", "2026-9", "2026-09-32", "2026-09-21-1", "+026"]
		{
			assert!(wrong.parse::<Days>().is_err(), "{wrong}");
		}
	}

	#[test]
	fn amounts_have_twelve_decimals() {
		let amount = |text: &str| text.parse::<Amount>().map(|amount| amount.0);
		assert_eq!(amount("1"), Ok(1_000_000_000_000));
		assert_eq!(amount("0.5"), Ok(500_000_000_000));
		assert_eq!(amount("12.000000000001 SAL"), Ok(12_000_000_000_001));
		for wrong in ["", ".5", "1e3", "-1", "0.0000000000001", "1,5"] {
			assert!(amount(wrong).is_err(), "{wrong}");
		}
		for text in ["1 SAL", "0.5 SAL", "12.000000000001 SAL", "0 SAL"] {
			assert_eq!(text.parse::<Amount>().unwrap().to_string(), text);
		}
	}

	#[test]
	fn parties_are_identities_or_accounts() {
		let id = format!("0x{}", "ab".repeat(32));
		assert_eq!(id.parse(), Ok(Party::Identity(IdentityId([0xab; 32]))));
		let alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
		let key = alice.parse::<Account>().unwrap();
		assert_eq!(alice.parse(), Ok(Party::Account(key.0)));
		assert_eq!(Hash(key.0).to_string().parse(), Ok(key));
		assert!("bob".parse::<Party>().is_err());
	}

	#[test]
	fn moments_are_civil_dates() {
		assert_eq!(when(0), "1970-01-01 00:00:00");
		assert_eq!(when(1_790_000_000_000), "2026-09-21 14:13:20");
	}
}
