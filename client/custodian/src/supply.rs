// SPDX-License-Identifier: Apache-2.0

//! A maker's proof service: leaf files in, proofs of single units out, to accredited partners.
//!
//! Who asks is told apart by rate, and so is who asks for what is not there: serials are not to be
//! found by trying. A miss reads as much as a hit, and nothing of either is logged.

mod catalogue;
mod upload;

use crate::{
	Custodian, Error, Rates,
	auth::{Caller, sharing},
	chain::Chain,
	error::Result,
	limits::{Rate, RateLimit},
};
use catalogue::Catalogue;
use salus_client::wire::{ProofRequest, ProvenUnit};
use salus_primitives::IdentityId;
use std::{
	path::PathBuf,
	sync::Arc,
	time::{Duration, Instant},
};
use tokio::sync::{Mutex, MutexGuard, Semaphore};

/// How often the folder of leaf files is looked through.
const LOOK: Duration = Duration::from_secs(10);
/// How many leaf files come in at once.
const UPLOADS: usize = 2;
/// How many questions are answered at once, at most one of an organisation among them.
const TURNSTILES: usize = 64;

/// What a proof service is told.
#[derive(Clone, Debug)]
pub struct SupplySettings {
	/// Where the leaf files lie, each named by its batch: `17.leaves`.
	pub folder: PathBuf,
	/// How often somebody gets a proof: one identity; all of an organisation and those who work
	/// there.
	pub proofs: Rates,
	/// How often an organisation may ask for a serial that is not there.
	pub misses: Rate,
}

/// The leaf files, and who asks how often.
pub(crate) struct Supply {
	catalogue: Arc<Catalogue>,
	identities: RateLimit<IdentityId>,
	organisations: RateLimit<IdentityId>,
	misses: RateLimit<IdentityId>,
	turnstiles: Vec<Mutex<()>>,
	uploads: Semaphore,
}

impl Supply {
	pub(crate) fn open(settings: SupplySettings) -> std::io::Result<Self> {
		let SupplySettings { folder, proofs, misses } = settings;
		Ok(Self {
			catalogue: Arc::new(Catalogue::open(folder)?),
			identities: RateLimit::new(proofs.account),
			organisations: RateLimit::new(proofs.organisation),
			misses: RateLimit::new(misses),
			turnstiles: (0..TURNSTILES).map(|_| Mutex::default()).collect(),
			uploads: Semaphore::new(UPLOADS),
		})
	}

	/// Looks through the folder of leaf files.
	pub(crate) async fn look(&self, chain: &dyn Chain) {
		self.catalogue.look(chain).await;
	}

	/// Waits until nobody else of the organisation asks: many questions at once are no way around the
	/// rate of misses.
	async fn turn(&self, sharing: &[IdentityId]) -> Option<MutexGuard<'_, ()>> {
		let first = sharing.first()?.0.first()?;
		Some(self.turnstiles.get(usize::from(*first) % TURNSTILES)?.lock().await)
	}

	/// Refuses who missed too often, and charges the question.
	fn charge(&self, identity: IdentityId, sharing: &[IdentityId]) -> Result<()> {
		let now = Instant::now();
		for id in sharing {
			self.misses.room(id, now).map_err(Error::TooManyMisses)?;
		}
		self.identities.take(identity, now).map_err(Error::TooManyProofs)?;
		for id in sharing {
			self.organisations.take(*id, now).map_err(Error::TooManyProofs)?;
		}
		Ok(())
	}

	fn charge_miss(&self, sharing: &[IdentityId]) {
		let now = Instant::now();
		for id in sharing {
			// There was room before the search, and nobody else of them searched meanwhile.
			let _ = self.misses.take(*id, now);
		}
	}
}

impl Custodian {
	fn supply(&self) -> Result<&Supply> {
		self.supply.as_ref().ok_or(Error::NoProofs)
	}

	/// The proof of a unit, for who may handle goods.
	pub(crate) async fn prove_unit(
		&self,
		caller: &Caller,
		request: ProofRequest,
	) -> Result<ProvenUnit> {
		let supply = self.supply()?;
		self.ensure_partner(caller).await?;
		let sharing: Vec<_> = sharing(&caller.identity, &caller.organisations).collect();
		let _turn = supply.turn(&sharing).await;
		supply.charge(caller.identity, &sharing)?;
		let catalogue = supply.catalogue.clone();
		let search = tokio::task::spawn_blocking(move || catalogue.prove(&request));
		match search.await.map_err(|_| Error::ShuttingDown)?? {
			Some(proven) => {
				self.metrics.proofs.inc();
				Ok(proven)
			},
			None => {
				supply.charge_miss(&sharing);
				self.metrics.proof_misses.inc();
				Err(Error::UnitUnknown)
			},
		}
	}

	/// Refuses who is no trading partner. A licence counts from finality on, and no longer once the
	/// newest block takes it away.
	async fn ensure_partner(&self, caller: &Caller) -> Result<()> {
		for id in sharing(&caller.identity, &caller.organisations) {
			let (was, is) = tokio::try_join!(
				self.chain.is_trading_partner(&id, caller.finalised),
				self.chain.is_trading_partner(&id, caller.best),
			)?;
			if was && is {
				return Ok(());
			}
		}
		Err(Error::NotPartner)
	}

	/// Looks through the folder again and again: leaf files may be put there by hand.
	pub(crate) async fn follow_leaf_files(self: Arc<Self>) {
		let Some(supply) = &self.supply else { return };
		loop {
			supply.look(&*self.chain).await;
			tokio::time::sleep(LOOK).await;
		}
	}
}
