// SPDX-License-Identifier: Apache-2.0

//! What a scan of a pack finds.

use crate::{status::Standing, units::Book, *};
use alloc::vec::Vec;
use salus_gs1::{Date, Likeness, LotNo, Serial, UdiDi};
use salus_primitives::{Moment, UnitRef, VerdictCode};

/// How many parcels of a batch a scan looks through when the parcel it was told is not right.
const MAX_PROBED: usize = 64;

/// A unit that a scan names for certain.
struct Proved {
	unit: UnitRef,
	/// Where its parcel may begin.
	hint: Option<u32>,
	/// How like the serial on the label is to the unit's.
	likeness: Likeness,
}

impl<T: Config> Pallet<T> {
	/// What a scan finds, with the proof that the maker's service gives for its serial.
	pub fn api_verify(scan: ScannedPack, proof: Option<ScanProof>) -> Verdict {
		Self::verdict(&mut Book::default(), &scan, proof, Self::now())
	}

	/// What each of up to [`MAX_SCANS`] scans finds. They share what they read.
	pub fn api_verify_many(
		scans: Vec<(ScannedPack, Option<ScanProof>)>,
	) -> Result<Vec<Verdict>, QueryError> {
		if scans.is_empty() || scans.len() > MAX_SCANS as usize {
			return Err(QueryError::BadLimit { max: MAX_SCANS });
		}
		let (book, now) = (&mut Book::default(), Self::now());
		Ok(scans.into_iter().map(|(scan, proof)| Self::verdict(book, &scan, proof, now)).collect())
	}

	/// Whether a serial and its salt lead to the root of the unit's batch.
	pub fn api_check_proof(proof: ScanProof) -> bool {
		Self::proved_product(&mut Book::default(), proof).is_some()
	}

	fn verdict(
		book: &mut Book<T>,
		scan: &ScannedPack,
		proof: Option<ScanProof>,
		now: Moment,
	) -> Verdict {
		if book.product(&scan.product).is_err() {
			// A grouping is scanned in the place of a pack.
			let grouping =
				matches!(scan.product, UdiDi::Gs1(gtin) if PackLevels::<T>::contains_key(gtin));
			let code = if grouping { VerdictCode::BadFormat } else { VerdictCode::UnknownProduct };
			return Verdict::bare(code);
		}
		let Some(serial) = scan.serial else { return Verdict::bare(VerdictCode::BadFormat) };
		let proved = match proof {
			Some(proof) => Self::proved(book, &scan.product, &serial, proof),
			None => match SerialIndex::<T>::get(scan.product, serial) {
				Some(unit) => Some(Proved { unit, hint: None, likeness: Likeness::Same }),
				None => return Self::verdict_on_label(book, scan, now),
			},
		};
		let Some(Proved { unit, hint, likeness }) = proved else {
			return Verdict::bare(VerdictCode::UnknownSerial);
		};
		if let Some(code) = mismatch(likeness, VerdictCode::UnknownSerial) {
			return Verdict::bare(code);
		}
		let parcel_start = Self::find_parcel(unit, hint, MAX_PROBED);
		match Self::standing(book, unit, parcel_start, scan.market, now) {
			Ok(standing) => Self::verdict_on_unit(book, scan, unit, parcel_start, standing, now),
			Err(_) => Verdict::bare(VerdictCode::UnknownSerial),
		}
	}

	/// The unit that a proof leads to, when it is of this product. The proof is checked before
	/// anything is said of the serial: a forged one is never taken for a wrong key.
	fn proved(
		book: &mut Book<T>,
		product: &UdiDi,
		serial: &Serial,
		proof: ScanProof,
	) -> Option<Proved> {
		let (unit, hint) = (proof.unit, proof.parcel_start);
		let likeness = serial.likeness(&proof.serial);
		let is_its = Self::proved_product(book, proof).is_some_and(|its| its == *product);
		is_its.then_some(Proved { unit, hint, likeness })
	}

	fn proved_product(book: &mut Book<T>, proof: ScanProof) -> Option<UdiDi> {
		let ScanProof { unit, parcel_start, serial, salt, path } = proof;
		let parcel_start = parcel_start.unwrap_or_default();
		let path = path.try_into().ok()?;
		Self::check_proof(book, &UnitProof { unit, parcel_start, serial, salt, path }).ok()
	}

	/// What can be said without a unit: what stands against all that the label names, or that the
	/// maker has not said anything about its serial.
	fn verdict_on_label(book: &mut Book<T>, scan: &ScannedPack, now: Moment) -> Verdict {
		let named = scan.lot.map(|number| LotByNo::<T>::get(scan.product, number));
		let lot = named.flatten();
		let common = match lot {
			Some(lot) => Self::standing_of_lot(book, lot, scan.market, now),
			None => Self::standing_of_product(book, &scan.product, scan.market, now),
		};
		let expiry = lot.and_then(|lot| book.lot(lot).ok().map(|row| row.expiry));
		let Ok(common) = common else { return Verdict::bare(VerdictCode::DataNotYetUploaded) };
		let effective = common.effective();
		let code = match (named, effective) {
			(Some(None), _) => VerdictCode::UnknownLot,
			_ if differs(scan.expiry, expiry) => VerdictCode::ExpiryMismatch,
			(_, Some(obstacle)) => code_of(obstacle),
			(_, None) => VerdictCode::DataNotYetUploaded,
		};
		let recall = common.recall();
		Verdict { effective, recall, lot, expiry, ..Verdict::bare(code) }
	}

	fn verdict_on_unit(
		book: &mut Book<T>,
		scan: &ScannedPack,
		unit: UnitRef,
		parcel_start: Option<u32>,
		standing: Standing,
		now: Moment,
	) -> Verdict {
		let label = book.lot(standing.lot).ok().map(|lot| (lot.number, lot.expiry));
		let (number, expiry) = label.unzip();
		let stands = match standing.effective {
			Some(Obstacle::Dispensed) => Self::dispensed_code(scan, unit, now),
			Some(obstacle) => code_of(obstacle),
			None if is_another(scan, &standing) => VerdictCode::OtherHolder,
			None => VerdictCode::Ok,
		};
		let lot = lot_mismatch(scan.lot, number);
		let date = differs(scan.expiry, expiry).then_some(VerdictCode::ExpiryMismatch);
		// The worst of them; what the label says before where the unit stands.
		let found = [lot, date, Some(stands)].into_iter().flatten();
		let code = found.rev().max_by_key(|code| code.class()).unwrap_or(stands);
		Verdict {
			class: code.class(),
			code,
			state: Some(standing.state),
			effective: standing.effective,
			recall: standing.recall,
			lot: Some(standing.lot),
			expiry,
			unit: Some(unit),
			parcel_start,
		}
	}

	/// Who dispensed it: who asks, lately and at this location, or anybody else.
	fn dispensed_code(scan: &ScannedPack, unit: UnitRef, now: Moment) -> VerdictCode {
		let here = Leavings::<T>::get(unit).zip(scan.asker.zip(scan.location)).is_some_and(
			|(leaving, (asker, location))| {
				leaving.is_of(&asker, &location) && leaving.is_open_at(now)
			},
		);
		if here {
			VerdictCode::AlreadyDispensedHere
		} else {
			VerdictCode::AlreadyDispensedElsewhere
		}
	}
}

impl Verdict {
	/// A code, and nothing known.
	fn bare(code: VerdictCode) -> Self {
		Self {
			class: code.class(),
			code,
			state: None,
			effective: None,
			recall: None,
			lot: None,
			expiry: None,
			unit: None,
			parcel_start: None,
		}
	}
}

/// Whether somebody else holds it than who asks.
fn is_another(scan: &ScannedPack, standing: &Standing) -> bool {
	scan.asker.zip(standing.holder).is_some_and(|(asker, holder)| asker != holder)
}

/// What a text says that is merely like the one expected.
fn mismatch(likeness: Likeness, otherwise: VerdictCode) -> Option<VerdictCode> {
	match likeness {
		Likeness::Same => None,
		Likeness::CaseOnly => Some(VerdictCode::CaseOnlyMismatch),
		Likeness::OtherKeyboard => Some(VerdictCode::KeyboardMismatch),
		Likeness::Different => Some(otherwise),
	}
}

fn lot_mismatch(given: Option<LotNo>, known: Option<LotNo>) -> Option<VerdictCode> {
	let (given, known) = given.zip(known)?;
	mismatch(given.likeness(&known), VerdictCode::LotMismatch)
}

/// Whether a label ends on another day than the lot.
fn differs(given: Option<Date>, known: Option<Date>) -> bool {
	let day = |date: Date| (date.year(), date.month(), date.last_day());
	given.zip(known).is_some_and(|(given, known)| day(given) != day(known))
}

/// What a scan says of an obstacle. Who dispensed is told apart before.
fn code_of(obstacle: Obstacle) -> VerdictCode {
	match obstacle {
		Obstacle::Illegitimate => VerdictCode::Illegitimate,
		Obstacle::Stolen => VerdictCode::Stolen,
		Obstacle::Destroyed => VerdictCode::Destroyed,
		Obstacle::Recalled(_) => VerdictCode::Recalled,
		Obstacle::Withdrawn => VerdictCode::Withdrawn,
		Obstacle::Locked => VerdictCode::Locked,
		Obstacle::Quarantined => VerdictCode::Quarantined,
		Obstacle::Dispensed => VerdictCode::AlreadyDispensedElsewhere,
		Obstacle::Decommissioned(_) => VerdictCode::Decommissioned,
		Obstacle::Missing => VerdictCode::Missing,
		Obstacle::Returned => VerdictCode::Returned,
		Obstacle::InUse => VerdictCode::InUse,
		Obstacle::Retired => VerdictCode::Retired,
		Obstacle::Expired => VerdictCode::Expired,
		Obstacle::NotReleased => VerdictCode::NotReleased,
		Obstacle::NotApproved => VerdictCode::NotApproved,
		Obstacle::InTransit(_) => VerdictCode::InTransit,
		Obstacle::PartiallyDispensed => VerdictCode::PartiallyDispensed,
	}
}
