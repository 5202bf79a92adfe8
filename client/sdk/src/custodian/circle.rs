// SPDX-License-Identifier: Apache-2.0

//! The custodians of a record: one, or several that keep a part of its key each.
//!
//! The chain says who they are: the organisation that a record is filed for, or else its author,
//! names them there. Where they are, their identities say: the service [`SERVICE`]. For whoever has
//! named nobody on chain, and where a custodian lists no address, the command says both.

use super::{Custodian, CustodianError, Refusal, Result};
use crate::{Chain, Error, types::ShareCustody};
use futures::future::join_all;
use salus_envelope::{Division, PartsError, PublicKey};
use salus_primitives::{AccreditationKind, ContentHash, IdentityId};
use std::path::Path;
use subxt_signer::sr25519::Keypair;
use tokio::sync::OnceCell;

/// The name of the service by which an identity says where its custodian is.
pub const SERVICE: &str = "data-custodian";

/// The custodians that a command names.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Named {
	/// Where they are, in the order of the parts.
	pub urls: Vec<String>,
	/// How many parts open a record. Needed to deposit with several.
	pub threshold: Option<u8>,
	/// Whether somebody typed them, or they are what nobody typed.
	pub is_default: bool,
}

/// A custodian of a circle, asked who it is when it is needed.
pub struct Seat {
	chain: Chain,
	/// The block whose word about it counts.
	block: [u8; 32],
	/// Who it is by the chain.
	identity: Option<IdentityId>,
	url: Option<String>,
	/// Whether it gets a part of what is deposited. Others are asked for what they may have of before.
	is_member: bool,
	custodian: OnceCell<Custodian>,
}

/// The custodians of somebody's records.
pub struct Circle {
	seats: Vec<Seat>,
	threshold: Option<u8>,
}

impl Seat {
	fn new(chain: &Chain, block: [u8; 32], identity: Option<IdentityId>) -> Self {
		let (chain, custodian) = (chain.clone(), OnceCell::new());
		Self { chain, block, identity, url: None, is_member: true, custodian }
	}

	/// What to call it: who and where, as far as is known.
	pub fn name(&self) -> String {
		let identity = self.identity.or_else(|| self.custodian.get().map(Custodian::identity));
		match (identity, &self.url) {
			(Some(identity), Some(url)) => format!("{identity} at {url}"),
			(Some(identity), None) => identity.to_string(),
			(None, url) => url.clone().unwrap_or_default(),
		}
	}

	/// The custodian, once it has said who it is and the chain shows the same key for it.
	pub async fn custodian(&self) -> Result<&Custodian> {
		self.custodian.get_or_try_init(|| self.connect()).await
	}

	async fn connect(&self) -> Result<Custodian> {
		let Some(url) = &self.url else {
			return Err(CustodianError::NoAddress(self.identity.unwrap_or_default()));
		};
		let custodian = Custodian::connect(url, self.chain.genesis()).await?;
		let found = custodian.identity();
		if let Some(expected) = self.identity.filter(|expected| *expected != found) {
			return Err(CustodianError::OtherIdentity { url: url.clone(), found, expected });
		}
		let known = self.chain.at(self.block).await?.identity(found).await?;
		if known.is_none_or(|known| known.agreement.key != *custodian.key().as_bytes()) {
			return Err(custodian.key_complaint());
		}
		Ok(custodian)
	}

	/// The custodian, when parts may be deposited with it.
	async fn depositary(&self) -> Result<&Custodian> {
		let custodian = self.custodian().await?;
		// Whom a command names by itself is the choice of whoever types it.
		let Some(identity) = self.identity else { return Ok(custodian) };
		let at = self.chain.at(self.block).await?;
		let now = at.now().await?;
		match at.is_accredited(identity, AccreditationKind::DataCustodian, now).await? {
			true => Ok(custodian),
			false => Err(CustodianError::NotAccredited(identity)),
		}
	}
}

impl Circle {
	/// The custodians of what is filed in the name of `home`: an organisation, or an author for
	/// nobody. Those of the chain come first, then those that a command names.
	pub async fn of(
		chain: &Chain,
		block: [u8; 32],
		home: IdentityId,
		named: &Named,
	) -> Result<Self, Error> {
		match chain.at(block).await?.share_custody(home).await? {
			Some(custody) => Self::of_chain(chain, block, custody, named).await,
			None => Ok(Self::of_command(chain, block, named)),
		}
	}

	/// Those that a command names.
	pub fn of_command(chain: &Chain, block: [u8; 32], named: &Named) -> Self {
		let seat = |url: &String| Seat { url: Some(url.clone()), ..Seat::new(chain, block, None) };
		Self { seats: named.urls.iter().map(seat).collect(), threshold: named.threshold }
	}

	async fn of_chain(
		chain: &Chain,
		block: [u8; 32],
		custody: ShareCustody,
		named: &Named,
	) -> Result<Self, Error> {
		let at = chain.at(block).await?;
		let mut seats = Vec::new();
		for identity in custody.custodians {
			let services = at.services(identity).await?;
			let listed = services.into_iter().find(|service| service.id == SERVICE.as_bytes());
			let url = listed.map(|service| String::from_utf8_lossy(&service.url).into_owned());
			let url = url.filter(|url| url.starts_with("https://"));
			seats.push(Seat { url, ..Seat::new(chain, block, Some(identity)) });
		}
		let mut circle = Self { seats, threshold: Some(custody.threshold) };
		if !named.is_default {
			circle.seat_named(Self::of_command(chain, block, named)).await;
		}
		Ok(circle)
	}

	/// Gives those that a command names the places that the chain has for them, and the others one
	/// behind: they may keep shares of before the chain named anybody.
	async fn seat_named(&mut self, named: Self) {
		if self.seats.iter().any(|seat| seat.url.is_none()) {
			// Who does not answer stays without a place, and is complained about there.
			join_all(named.seats.iter().map(Seat::custodian)).await;
		}
		for guest in named.seats {
			let identity = guest.custodian.get().map(Custodian::identity);
			let place = self.seats.iter_mut().find(|seat| seat.identity == identity);
			match place.filter(|_| identity.is_some()) {
				Some(seat) => {
					seat.url = guest.url;
					seat.custodian = guest.custodian;
				},
				None => self.seats.push(Seat { is_member: false, ..guest }),
			}
		}
	}

	/// All of them, those that may keep something of before behind.
	pub fn seats(&self) -> &[Seat] {
		&self.seats
	}

	/// How many parts open what is deposited now, as far as is known.
	pub fn threshold(&self) -> Option<u8> {
		self.threshold
	}

	/// Those that get a part of what is deposited.
	fn members(&self) -> impl Iterator<Item = &Seat> {
		self.seats.iter().filter(|seat| seat.is_member)
	}

	/// How a key is divided among them; none when there is one, who gets all of it.
	pub fn division(&self) -> Result<Option<Division>, DivisionError> {
		division(self.members().count(), self.threshold)
	}

	/// All who get a part, in the order of the parts, connected and fit to keep it; or what is wrong
	/// with each who is not.
	pub async fn depositaries(&self) -> Result<Vec<&Custodian>, Vec<Refusal>> {
		let asked = self.members().map(|seat| async move { (seat, seat.depositary().await) });
		let (mut ready, mut refusals) = (Vec::new(), Vec::new());
		for (seat, answer) in join_all(asked).await {
			match answer {
				Ok(custodian) => ready.push(custodian),
				Err(error) => refusals.push(Refusal { custodian: seat.name(), error }),
			}
		}
		if refusals.is_empty() { Ok(ready) } else { Err(refusals) }
	}

	/// Fetches a sealed object from the first who has it whole. What one has lost or damaged, another
	/// one gives.
	///
	/// `progress` hears how many bytes have come, and how many there are if that is known.
	pub async fn get_object(
		&self,
		signer: &Keypair,
		hash: &ContentHash,
		file: &Path,
		progress: impl Fn(u64, Option<u64>),
	) -> Result<u64> {
		// Who has answered before answers soonest.
		let (known, strange): (Vec<_>, Vec<_>) =
			self.seats.iter().partition(|seat| seat.custodian.initialized());
		let mut worst: Option<CustodianError> = None;
		for seat in known.into_iter().chain(strange) {
			let fetched = match seat.custodian().await {
				Ok(custodian) => custodian.get_object(signer, hash, file, &progress).await,
				Err(error) => Err(error),
			};
			match fetched {
				// Nothing that another custodian does changes what is wrong on this side.
				Ok(_) | Err(CustodianError::File { .. }) => return fetched,
				Err(error) if worst.as_ref().is_none_or(|worst| weight(worst) < weight(&error)) => {
					worst = Some(error);
				},
				Err(_) => (),
			}
		}
		Err(worst.unwrap_or(CustodianError::NoAddress(IdentityId::default())))
	}
}

fn division(count: usize, threshold: Option<u8>) -> Result<Option<Division>, DivisionError> {
	let of = u8::try_from(count).unwrap_or(u8::MAX);
	match (of, threshold) {
		(0, _) => Err(DivisionError::Nobody),
		(1, None | Some(1)) => Ok(None),
		(_, Some(threshold)) => Ok(Some(Division::new(threshold, of)?)),
		(_, None) => Err(DivisionError::NoThreshold(of)),
	}
}

/// Which of several failures says most: that it is not to be had now, before that it is damaged where
/// it is, before that somebody does not have it.
fn weight(error: &CustodianError) -> u8 {
	match error {
		error if error.is_outage() => 3,
		CustodianError::Damaged { .. } => 2,
		error if !error.is_missing() => 1,
		_ => 0,
	}
}

/// Why a key cannot be divided among these custodians.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DivisionError {
	/// Nobody is named.
	#[error("no custodian is named: name one with --custodian")]
	Nobody,
	/// Several are named, and nothing says how many parts open a record.
	#[error("{0} custodians are named: say with --threshold how many of them open a record")]
	NoThreshold(u8),
	/// There is no such division.
	#[error(transparent)]
	Parts(#[from] PartsError),
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_key_is_divided_among_several_and_given_whole_to_one() {
		assert_eq!(division(1, None), Ok(None));
		assert_eq!(division(1, Some(1)), Ok(None));
		assert_eq!(division(3, Some(2)), Ok(Some(Division::new(2, 3).unwrap())));
		// Each of several has all of it then, and is told which of how many.
		assert_eq!(division(2, Some(1)), Ok(Some(Division::new(1, 2).unwrap())));
	}

	#[test]
	fn what_cannot_be_divided_says_what_is_missing() {
		assert_eq!(division(0, None), Err(DivisionError::Nobody));
		assert_eq!(division(2, None), Err(DivisionError::NoThreshold(2)));
		for (count, threshold) in [(1, 2), (3, 0), (3, 4), (9, 2), (300, 2)] {
			let refused = division(count, Some(threshold));
			assert!(matches!(refused, Err(DivisionError::Parts(_))), "{threshold} of {count}");
		}
	}

	#[test]
	fn an_object_that_may_be_had_later_is_not_called_lost() {
		let refused = |status| CustodianError::Refused {
			status,
			code: String::new(),
			message: String::new(),
		};
		let (url, reason) = (String::new(), String::new());
		let away = CustodianError::Unreachable { url, reason };
		let damaged = CustodianError::Damaged { hash: ContentHash([1; 32]) };
		let weights = [refused(404), refused(403), damaged, away].map(|error| weight(&error));
		assert!(weights.is_sorted() && weights[0] < weights[3], "{weights:?}");
		assert_eq!(weight(&refused(429)), weights[3]);
	}
}
