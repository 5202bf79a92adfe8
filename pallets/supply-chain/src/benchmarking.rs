// SPDX-License-Identifier: Apache-2.0

//! Worst honest cases.

mod custody;
mod master;
mod units;

use super::*;
use frame_benchmarking::v2::*;
use frame_support::traits::EnsureOrigin;
use salus_gs1::{CompanyPrefix, Gln, Sscc};
use salus_primitives::{
	BatchIx, Completeness, DecommissionReason, Digest, IdentityId, ProductClass, ProductFlags,
	QuarantineReason, RecallClass, RecallDepth, ShipmentId, Uniqueness, UnitState,
};

#[benchmarks]
mod benchmarks {
	use super::*;

	// --- master data, lots, recalls ---

	#[benchmark]
	fn claim_company_prefix() -> Result<(), BenchmarkError> {
		let origin =
			T::RegistryOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
		// The longest has the most shorter ones.
		let prefix: CompanyPrefix =
			"629104150021".parse().map_err(|_| BenchmarkError::Stop("a prefix"))?;
		let (code, owner) = (CompanyCode::Gs1(prefix), IdentityId([1; 32]));

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, code, owner, Digest([1; 32]));

		assert_eq!(Companies::<T>::get(code), Some(owner));
		let stems = (CompanyPrefix::MIN..prefix.length()).filter_map(|digits| prefix.first(digits));
		assert_eq!(stems.filter(|stem| PrefixStems::<T>::get(stem) > 0).count(), 8);
		Ok(())
	}

	#[benchmark]
	fn register_product(n: Linear<0, MAX_LEVELS>) -> Result<(), BenchmarkError> {
		let maker = master::Party::<T>::maker();
		let (number, code) = (master::number()?, master::company(&maker)?);
		let (class, flags) = (ProductClass::Drug, ProductFlags::default());
		let uniqueness = Uniqueness::FirstTouch;
		let groupings = master::levels(n)?;

		#[extrinsic_call]
		_(
			maker.origin() as T::RuntimeOrigin,
			number,
			code,
			class,
			flags,
			uniqueness,
			master::MASTER,
			groupings.clone(),
		);

		assert!(Products::<T>::contains_key(number));
		assert!(groupings.iter().all(|level| PackLevels::<T>::contains_key(level.gtin)));
		Ok(())
	}

	#[benchmark]
	fn update_product() -> Result<(), BenchmarkError> {
		let maker = master::Party::<T>::maker();
		let number = master::product(&maker, 0)?;

		#[extrinsic_call]
		_(maker.origin() as T::RuntimeOrigin, number, master::REFERENCE);

		assert!(Products::<T>::get(number).is_some_and(|row| row.master == master::REFERENCE));
		Ok(())
	}

	#[benchmark]
	fn approve_product() -> Result<(), BenchmarkError> {
		let authority = master::Party::<T>::authority();
		let (number, there) =
			(master::product(&master::Party::<T>::maker(), 0)?, master::market::<T>());
		let origin = authority.origin();
		Pallet::<T>::approve_product(origin, number, there, master::MASTER, master::ALWAYS)?;

		#[extrinsic_call]
		_(authority.origin() as T::RuntimeOrigin, number, there, master::REFERENCE, master::ALWAYS);

		let approval = Approvals::<T>::get(number, there);
		assert!(approval.is_some_and(|approval| approval.reference == master::REFERENCE));
		Ok(())
	}

	#[benchmark]
	fn suspend_approval() -> Result<(), BenchmarkError> {
		let authority = master::Party::<T>::authority();
		let (number, there) =
			(master::product(&master::Party::<T>::maker(), 0)?, master::market::<T>());
		let origin = authority.origin();
		Pallet::<T>::approve_product(origin, number, there, master::MASTER, master::ALWAYS)?;

		#[extrinsic_call]
		_(authority.origin() as T::RuntimeOrigin, number, there, master::REFERENCE);

		let approval = Approvals::<T>::get(number, there);
		assert!(approval.is_some_and(|approval| approval.state == ApprovalState::Suspended));
		Ok(())
	}

	/// From one market, by its authority: that reads most.
	#[benchmark]
	fn withdraw_product() -> Result<(), BenchmarkError> {
		let authority = master::Party::<T>::authority();
		let (number, there) =
			(master::product(&master::Party::<T>::maker(), 0)?, master::market::<T>());
		let origin = authority.origin();
		Pallet::<T>::approve_product(origin, number, there, master::MASTER, master::ALWAYS)?;

		#[extrinsic_call]
		_(authority.origin() as T::RuntimeOrigin, number, Some(there), master::REFERENCE);

		let approval = Approvals::<T>::get(number, there);
		assert!(approval.is_some_and(|approval| approval.state == ApprovalState::Withdrawn));
		Ok(())
	}

	#[benchmark]
	fn open_lot() -> Result<(), BenchmarkError> {
		let maker = master::Party::<T>::maker();
		let (of, number, (made, expiry)) =
			(master::product(&maker, 0)?, master::lot_number()?, master::dates()?);

		#[extrinsic_call]
		_(maker.origin() as T::RuntimeOrigin, of, number, made, expiry, u64::MAX);

		assert!(LotByNo::<T>::contains_key(of, number));
		Ok(())
	}

	/// As many units as a batch holds. It takes as long for one.
	#[benchmark]
	fn commission_batch() -> Result<(), BenchmarkError> {
		let maker = master::Party::<T>::maker();
		// What is recalled takes no new units.
		let of = master::product(&maker, MAX_RECALLS)?;
		let into = master::lot(&maker, of, MAX_RECALLS)?;
		let told = Told { at: Some(Pallet::<T>::now()), epcis: Some(master::REFERENCE) };

		#[extrinsic_call]
		_(maker.origin() as T::RuntimeOrigin, into, master::largest_batch(), told);

		let counted = Lots::<T>::get(into).map(|row| row.counters.total());
		assert_eq!(counted, Some(MAX_BATCH.into()));
		Ok(())
	}

	#[benchmark]
	fn release_lot() -> Result<(), BenchmarkError> {
		let maker = master::Party::<T>::maker();
		let of = master::product(&maker, 0)?;
		let which = master::lot(&maker, of, 0)?;

		#[extrinsic_call]
		_(maker.origin() as T::RuntimeOrigin, which, master::REFERENCE);

		assert!(Lots::<T>::get(which).is_some_and(|row| row.release.is_some()));
		Ok(())
	}

	#[benchmark]
	fn close_lot() -> Result<(), BenchmarkError> {
		let maker = master::Party::<T>::maker();
		let of = master::product(&maker, 0)?;
		let which = master::lot(&maker, of, 0)?;

		#[extrinsic_call]
		_(maker.origin() as T::RuntimeOrigin, which);

		assert!(Lots::<T>::get(which).is_some_and(|row| row.closed));
		Ok(())
	}

	/// A stretch of a batch, by an authority in as many markets as can be named.
	#[benchmark]
	fn initiate_recall() -> Result<(), BenchmarkError> {
		let authority = master::Party::<T>::authority();
		let (_, scope) = master::stretch(&master::Party::<T>::maker(), 0)?;
		let (class, depth) = (RecallClass::I, RecallDepth::Consumer);
		let which = NextRecall::<T>::get();

		#[extrinsic_call]
		_(
			authority.origin() as T::RuntimeOrigin,
			scope,
			class,
			depth,
			master::markets::<T>(),
			master::MASTER,
			master::REFERENCE,
		);

		let row = Recalls::<T>::get(which);
		assert!(row.is_some_and(|row| row.units == u64::from(MAX_BATCH - 2)));
		Ok(())
	}

	/// From a stretch to the whole product, in as many markets as can be named.
	#[benchmark]
	fn extend_recall() -> Result<(), BenchmarkError> {
		let authority = master::Party::<T>::authority();
		let (of, scope) = master::stretch(&master::Party::<T>::maker(), 1)?;
		let which = master::recall(&authority, scope)?;
		let (wider, class, depth) =
			(RecallScope::Product(of), RecallClass::I, RecallDepth::Consumer);

		#[extrinsic_call]
		_(
			authority.origin() as T::RuntimeOrigin,
			which,
			wider,
			class,
			depth,
			master::markets::<T>(),
		);

		assert!(Recalls::<T>::get(which).is_some_and(|row| row.scope == wider));
		let live = Products::<T>::get(of).map(|row| row.recalls.len() as u32);
		assert_eq!(live, Some(MAX_RECALLS));
		Ok(())
	}

	#[benchmark]
	fn close_recall() -> Result<(), BenchmarkError> {
		let authority = master::Party::<T>::authority();
		let (_, scope) = master::stretch(&master::Party::<T>::maker(), 0)?;
		let which = master::recall(&authority, scope)?;

		#[extrinsic_call]
		_(authority.origin() as T::RuntimeOrigin, which);

		assert!(Recalls::<T>::get(which).is_some_and(|row| row.closed.is_some()));
		Ok(())
	}

	#[benchmark]
	fn acknowledge_recall() -> Result<(), BenchmarkError> {
		let (authority, partner) =
			(master::Party::<T>::authority(), master::Party::<T>::facility());
		let (_, scope) = master::stretch(&master::Party::<T>::maker(), 0)?;
		let which = master::recall(&authority, scope)?;

		#[extrinsic_call]
		_(partner.origin() as T::RuntimeOrigin, which);

		assert!(RecallProgress::<T>::contains_key(which, partner.id));
		Ok(())
	}

	#[benchmark]
	fn report_recall_progress() -> Result<(), BenchmarkError> {
		let (authority, partner) =
			(master::Party::<T>::authority(), master::Party::<T>::facility());
		let (_, scope) = master::stretch(&master::Party::<T>::maker(), 0)?;
		let which = master::recall(&authority, scope)?;
		Pallet::<T>::acknowledge_recall(partner.origin(), which)?;
		let progress = Progress { quarantined: 1, returned: 2, destroyed: 3, consumed: 4 };

		#[extrinsic_call]
		_(partner.origin() as T::RuntimeOrigin, which, progress);

		assert!(Recalls::<T>::get(which).is_some_and(|row| row.progress == progress));
		Ok(())
	}

	// --- containers, parcels, shipments ---

	/// In place of one that was emptied a year ago, whose rent goes back to another.
	#[benchmark]
	fn commission_container() -> Result<(), BenchmarkError> {
		// Before licences are given, which lapse in time.
		custody::set_time::<T>(SSCC_REST)?;
		let [caller, other] = [0, 1].map(custody::partner::<T>);
		Companies::<T>::insert(CompanyCode::Gs1(custody::prefix()), caller.id);
		let sscc =
			custody::container::<T>(1, Place::Held(other.id), 0, MAX_DEPTH, &other.deposit());
		Holdings::<T>::remove(other.id, ItemRef::Container(sscc));
		Containers::<T>::mutate_extant(sscc, |container| container.emptied = Some(0));

		#[extrinsic_call]
		_(caller.origin(), sscc, custody::prefix());

		assert_eq!(Containers::<T>::get(sscc).map(|container| container.issuer), Some(caller.id));
		Ok(())
	}

	/// Containers into the innermost of five, all of which become higher.
	#[benchmark]
	fn pack(n: Linear<1, MAX_ITEMS>) -> Result<(), BenchmarkError> {
		let caller = custody::partner::<T>(0);
		let stack = custody::stack::<T>(&caller, MAX_DEPTH - 1, 0);
		let items = custody::filled::<T>(n, &caller);
		let list = Items::truncate_from(items.clone());

		#[extrinsic_call]
		_(caller.origin(), stack[0], list, custody::told::<T>());

		assert_eq!(Containers::<T>::get(stack[0]).map(|container| container.items), Some(n));
		let outermost = Containers::<T>::get(stack[4]).map(|container| container.height);
		assert_eq!(outermost, Some(MAX_DEPTH));
		assert_eq!(custody::place_of::<T>(items[0]), Some(Place::Inside(stack[0])));
		Ok(())
	}

	/// All of what is in the innermost of six, which are over then, all of them.
	#[benchmark]
	fn unpack(n: Linear<1, MAX_ITEMS>) -> Result<(), BenchmarkError> {
		let caller = custody::partner::<T>(0);
		let stack = custody::stack::<T>(&caller, MAX_DEPTH, n);
		let batch = custody::goods::<T>(0, &caller, &caller.deposit());
		let inside = Place::Inside(stack[0]);
		for start in 0..n {
			custody::parcel::<T>(batch, start, 1, inside);
		}
		let told = custody::told::<T>();

		#[extrinsic_call]
		_(caller.origin(), stack[0], None, Completeness::Verified, told);

		assert_eq!(Holdings::<T>::iter_key_prefix(caller.id).count() as u32, n);
		let over =
			|sscc: &Sscc| Containers::<T>::get(sscc).is_some_and(|row| row.emptied.is_some());
		assert!(stack.iter().all(over));
		Ok(())
	}

	/// The innermost of six.
	#[benchmark]
	fn seal() -> Result<(), BenchmarkError> {
		let caller = custody::partner::<T>(0);
		let sscc = custody::stack::<T>(&caller, MAX_DEPTH, 1)[0];

		#[extrinsic_call]
		_(caller.origin(), sscc, Digest([1; 32]));

		assert!(Containers::<T>::get(sscc).is_some_and(|container| container.seal.is_some()));
		Ok(())
	}

	/// The innermost of six.
	#[benchmark]
	fn unseal() -> Result<(), BenchmarkError> {
		let caller = custody::partner::<T>(0);
		let sscc = custody::stack::<T>(&caller, MAX_DEPTH, 1)[0];
		Containers::<T>::mutate_extant(sscc, |container| container.seal = Some(Digest([1; 32])));

		#[extrinsic_call]
		_(caller.origin(), sscc);

		assert!(Containers::<T>::get(sscc).is_some_and(|container| container.seal.is_none()));
		Ok(())
	}

	/// In the innermost of six containers.
	#[benchmark]
	fn split_parcel() -> Result<(), BenchmarkError> {
		let caller = custody::partner::<T>(0);
		let sscc = custody::stack::<T>(&caller, MAX_DEPTH, 1)[0];
		let batch = BatchIx(0);
		custody::parcel::<T>(batch, 0, 2, Place::Inside(sscc));

		#[extrinsic_call]
		_(caller.origin(), ParcelRef { batch, start: 0 }, 1);

		assert_eq!(Containers::<T>::get(sscc).map(|container| container.items), Some(2));
		assert!(Parcels::<T>::contains_key(batch, 1));
		Ok(())
	}

	/// Two single units on two pages, in the innermost of six containers.
	#[benchmark]
	fn merge_parcels() -> Result<(), BenchmarkError> {
		let caller = custody::partner::<T>(0);
		let sscc = custody::stack::<T>(&caller, MAX_DEPTH, 2)[0];
		let batch = BatchIx(0);
		for start in [custody::PAGE_END, PAGE_UNITS] {
			custody::parcel::<T>(batch, start, 1, Place::Inside(sscc));
			UnitPages::<T>::insert(batch, UnitPage::of(start), UnitPage::default());
		}
		let [first, second] =
			[custody::PAGE_END, PAGE_UNITS].map(|start| ParcelRef { batch, start });

		#[extrinsic_call]
		_(caller.origin(), first, second);

		assert_eq!(Containers::<T>::get(sscc).map(|container| container.items), Some(1));
		assert!(!Parcels::<T>::contains_key(batch, second.start));
		Ok(())
	}

	/// Single units, each of a batch, a lot and a product of its own.
	#[benchmark]
	fn ship(n: Linear<1, MAX_SHIPPED>) -> Result<(), BenchmarkError> {
		let [caller, receiver, maker] = [0, 1, 2].map(custody::partner::<T>);
		let items = custody::parcels::<T>(n, &caller, &maker);
		let list = ShippedItems::truncate_from(items.clone());
		let ship_to = Gln::from_body(629_104_150_021).ok();
		let (transaction, told) = (Digest([1; 32]), custody::told::<T>());

		#[extrinsic_call]
		_(caller.origin(), receiver.id, ship_to, list, transaction, true, told);

		assert_eq!(Shipments::<T>::get(ShipmentId(0)).map(|shipment| shipment.open), Some(n));
		let sent = Place::InTransit(ShipmentId(0));
		assert!(items.iter().all(|item| custody::place_of::<T>(*item) == Some(sent)));
		Ok(())
	}

	#[benchmark]
	fn void_ship(n: Linear<1, MAX_SHIPPED>) -> Result<(), BenchmarkError> {
		let [caller, receiver] = [0, 1].map(custody::partner::<T>);
		let items = custody::filled::<T>(n, &caller);
		let shipment = custody::ship::<T>(&caller, &receiver, items.clone());

		#[extrinsic_call]
		_(caller.origin(), shipment);

		assert!(!Shipments::<T>::contains_key(shipment));
		let back = Place::Held(caller.id);
		assert!(items.iter().all(|item| custody::place_of::<T>(*item) == Some(back)));
		Ok(())
	}

	/// The last of a shipment, all of which was recalled on the way.
	#[benchmark]
	fn receive(n: Linear<1, MAX_SHIPPED>) -> Result<(), BenchmarkError> {
		let [sender, caller, maker] = [0, 1, 2].map(custody::partner::<T>);
		let items = custody::parcels::<T>(n, &sender, &maker);
		let shipment = custody::ship::<T>(&sender, &caller, items.clone());
		Products::<T>::translate_values(|row: ProductOf<T>| {
			Some(Product { recalls: custody::recalls(None), ..row })
		});
		let list = ShippedItems::truncate_from(items.clone());
		let (looked, told) = (Completeness::Verified, custody::told::<T>());

		#[extrinsic_call]
		_(caller.origin(), shipment, list, true, 1, looked, told);

		assert!(!Shipments::<T>::contains_key(shipment));
		let held = Place::Held(caller.id);
		assert!(items.iter().all(|item| custody::place_of::<T>(*item) == Some(held)));
		let aside = Parcels::<T>::iter_values().filter(|parcel| parcel.hold.is_some()).count();
		assert_eq!(aside as u32, n);
		Ok(())
	}

	#[benchmark]
	fn reject_shipment(n: Linear<1, MAX_SHIPPED>) -> Result<(), BenchmarkError> {
		let [sender, caller] = [0, 1].map(custody::partner::<T>);
		let items = custody::filled::<T>(n, &sender);
		let shipment = custody::ship::<T>(&sender, &caller, items.clone());

		#[extrinsic_call]
		_(caller.origin(), shipment, RejectReason::Damaged);

		assert!(!Shipments::<T>::contains_key(shipment));
		let back = Place::Held(sender.id);
		assert!(items.iter().all(|item| custody::place_of::<T>(*item) == Some(back)));
		Ok(())
	}

	// --- units ---

	#[benchmark]
	fn touch_units(n: Linear<1, MAX_TOUCHED>) -> Result<(), BenchmarkError> {
		let (holder, maker) = (custody::partner::<T>(1), custody::partner::<T>(2));
		let drug = ProductClass::Drug;
		let proofs = units::shelf::<T>(&holder, &maker, n, drug, MAX_BATCH);

		#[extrinsic_call]
		_(holder.origin(), BoundedVec::truncate_from(proofs));

		assert_eq!(SerialIndex::<T>::iter_keys().count(), n as usize);
		Ok(())
	}

	// Units in `p` places, `n` more in the first of them, `s` serials that are kept from now on.
	#[benchmark]
	fn dispense(
		p: Linear<1, { MAX_UNITS / 2 }>,
		n: Linear<0, { MAX_UNITS / 2 }>,
		s: Linear<0, { MAX_UNITS / 2 }>,
	) -> Result<(), BenchmarkError> {
		let (holder, maker) = (custody::partner::<T>(1), custody::partner::<T>(2));
		let sold = units::sale::<T>(&holder, &maker, p, n, s);
		let (site, told) = (units::site::<T>(), custody::told::<T>());

		#[extrinsic_call]
		_(holder.origin(), sold.clone(), site, RxLink::None, told);

		let gone = |unit: &Dispensing| units::state::<T>(unit.proof.unit) == UnitState::Dispensed;
		assert!(sold.iter().all(gone) && sold.len() == (p + n) as usize);
		Ok(())
	}

	#[benchmark]
	fn dispense_partial() -> Result<(), BenchmarkError> {
		let (holder, maker) = (custody::partner::<T>(1), custody::partner::<T>(2));
		let unit = units::sale::<T>(&holder, &maker, 1, 0, 1).into_iter().next();
		let unit = unit.ok_or(BenchmarkError::Stop("a unit"))?;
		let named = unit.proof.unit;
		units::put::<T>(named, UnitState::PartiallyDispensed, &holder);
		let (site, told) = (units::site::<T>(), custody::told::<T>());

		#[extrinsic_call]
		_(holder.origin(), unit, 5_000, site, RxLink::None, told);

		assert_eq!(units::state::<T>(named), UnitState::Dispensed);
		assert_eq!(Partials::<T>::get(named), Some(10_000));
		Ok(())
	}

	#[benchmark]
	fn undo_decommission() -> Result<(), BenchmarkError> {
		let (holder, maker) = (custody::partner::<T>(1), custody::partner::<T>(2));
		let drug = ProductClass::Drug;
		let proof = units::one(&units::shelf::<T>(&holder, &maker, 1, drug, MAX_BATCH));
		units::put::<T>(proof.unit, UnitState::Dispensed, &holder);

		#[extrinsic_call]
		_(holder.origin(), units::held(&proof), units::site::<T>(), true);

		assert_eq!(units::state::<T>(proof.unit), UnitState::Active);
		Ok(())
	}

	// Each unit is the last thing in six containers, which all are over with it.
	#[benchmark]
	fn return_units(n: Linear<1, MAX_UNITS>) -> Result<(), BenchmarkError> {
		let (holder, maker) = (custody::partner::<T>(1), custody::partner::<T>(2));
		let proofs = units::shelf::<T>(&holder, &maker, n, ProductClass::Drug, 1);
		for proof in &proofs {
			units::put::<T>(proof.unit, UnitState::Dispensed, &holder);
		}
		let back = |proof| ReturnedUnit { unit: units::held(proof), opening: None };
		let back = BoundedVec::truncate_from(proofs.iter().map(back).collect());

		#[extrinsic_call]
		_(holder.origin(), back, true, custody::told::<T>());

		let returned = |proof: &UnitProof| units::state::<T>(proof.unit) == UnitState::Returned;
		assert!(proofs.iter().all(returned));
		let over = Containers::<T>::iter_values().filter(|row| row.emptied.is_some()).count();
		assert_eq!(over, n as usize * usize::from(MAX_DEPTH));
		Ok(())
	}

	#[benchmark]
	fn decommission(n: Linear<1, MAX_UNITS>) -> Result<(), BenchmarkError> {
		let (holder, maker) = (custody::partner::<T>(1), custody::partner::<T>(2));
		let device = ProductClass::Device;
		let proofs = units::shelf::<T>(&holder, &maker, n, device, MAX_BATCH);
		let (site, told) = (units::site::<T>(), custody::told::<T>());
		let reason = DecommissionReason::InUse;

		#[extrinsic_call]
		_(holder.origin(), BoundedVec::truncate_from(proofs), reason, site, told);

		assert_eq!(Devices::<T>::iter_keys().count(), n as usize);
		Ok(())
	}

	#[benchmark]
	fn destroy(n: Linear<1, MAX_UNITS>) -> Result<(), BenchmarkError> {
		let (holder, maker) = (custody::partner::<T>(1), custody::partner::<T>(2));
		let drug = ProductClass::Drug;
		let proofs = units::shelf::<T>(&holder, &maker, n, drug, MAX_BATCH);
		for proof in &proofs {
			units::put::<T>(proof.unit, UnitState::Quarantined, &holder);
		}
		let held: BoundedVec<_, _> =
			BoundedVec::truncate_from(proofs.iter().map(units::held).collect());
		let certificate = Digest([1; 32]);
		let witness = units::witness::<T>(2, &holder, &held, &certificate);

		#[extrinsic_call]
		_(holder.origin(), held, certificate, witness, custody::told::<T>());

		let gone = |proof: &UnitProof| units::state::<T>(proof.unit) == UnitState::Destroyed;
		assert!(proofs.iter().all(gone));
		assert_eq!(UnitHolds::<T>::iter_keys().count(), 0);
		Ok(())
	}

	// One unit in the middle of a parcel in six containers.
	#[benchmark]
	fn quarantine() -> Result<(), BenchmarkError> {
		let (holder, maker) = (custody::partner::<T>(1), custody::partner::<T>(2));
		let drug = ProductClass::Drug;
		let proof = units::one(&units::shelf::<T>(&holder, &maker, 1, drug, MAX_BATCH));
		let target = HoldTarget::Unit(units::held(&proof));

		#[extrinsic_call]
		_(holder.origin(), target, QuarantineReason::Suspect, None);

		assert_eq!(units::state::<T>(proof.unit), UnitState::Quarantined);
		assert_eq!(Parcels::<T>::iter_prefix(proof.unit.batch).count(), 3);
		Ok(())
	}

	#[benchmark]
	fn release_quarantine() -> Result<(), BenchmarkError> {
		let (holder, maker) = (custody::partner::<T>(1), custody::partner::<T>(2));
		let drug = ProductClass::Drug;
		let proof = units::one(&units::shelf::<T>(&holder, &maker, 1, drug, MAX_BATCH));
		units::put::<T>(proof.unit, UnitState::Quarantined, &holder);
		units::unrecalled::<T>(proof.unit.batch);
		let target = HoldTarget::Unit(units::held(&proof));

		#[extrinsic_call]
		_(holder.origin(), target, None);

		assert_eq!(units::state::<T>(proof.unit), UnitState::PartiallyDispensed);
		Ok(())
	}

	#[benchmark]
	fn report_duplicate_serial() -> Result<(), BenchmarkError> {
		let (holder, maker) = (custody::partner::<T>(1), custody::partner::<T>(2));
		let [first, second] = units::twins::<T>(&holder, &maker);
		let pair = (first.unit, second.unit);

		#[extrinsic_call]
		_(holder.origin(), first, second);

		assert!(Duplicates::<T>::contains_key(pair));
		assert_eq!(units::state::<T>(pair.0), UnitState::Quarantined);
		assert_eq!(units::state::<T>(pair.1), UnitState::Quarantined);
		Ok(())
	}

	#[benchmark]
	fn reap(c: Linear<0, MAX_REAPED>, u: Linear<0, MAX_REAPED>) -> Result<(), BenchmarkError> {
		let caller = custody::partner::<T>(1);
		let containers = BoundedVec::truncate_from(units::rested::<T>(c, &caller));
		let marks = BoundedVec::truncate_from(units::lapsed::<T>(u, &caller));
		custody::set_time::<T>(Pallet::<T>::now().saturating_add(SSCC_REST))?;

		#[extrinsic_call]
		_(caller.origin(), containers, marks);

		assert_eq!(Containers::<T>::iter_keys().count(), 0);
		assert_eq!(Leavings::<T>::iter_keys().count(), 0);
		Ok(())
	}

	// One row behind the cursor, which then stands on it.
	#[benchmark]
	fn sweep_step() -> Result<(), BenchmarkError> {
		let by = custody::partner::<T>(1);
		units::lapsed::<T>(3, &by);
		let first = Leavings::<T>::iter_keys().next();
		SweepCursor::<T>::set(first);
		let now = Pallet::<T>::now().saturating_add(UNDO_WINDOW);
		let taken;

		#[block]
		{
			taken = Pallet::<T>::sweep_rows(1, now);
		}

		assert_eq!((taken, Leavings::<T>::iter_keys().count()), (1, 2));
		assert_ne!(SweepCursor::<T>::get(), first);
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
