// SPDX-License-Identifier: Apache-2.0

mod own;
mod published;
mod refusals;
mod values;

use super::*;

/// Numbers for cases as a company with this prefix would keep them.
fn options() -> Options {
	let prefix = "030001".parse().unwrap();
	Options { cases: Some(CaseNumbers { prefix, extension: 5, first: 700 }) }
}

fn calls(plan: &Plan) -> Vec<&PlannedCall> {
	plan.calls.iter().map(|planned| &planned.call).collect()
}

/// Every call in a few words, so that a test reads like the plan.
fn words(plan: &Plan) -> Vec<String> {
	let items = |items: &[PlannedItem]| {
		let word = |item: &PlannedItem| match item {
			PlannedItem::Parcel { batch, start } => format!("{batch}/{start}"),
			PlannedItem::Container(sscc) => sscc.to_string(),
		};
		items.iter().map(word).collect::<Vec<_>>().join(" ")
	};
	let word = |call: &PlannedCall| match call {
		PlannedCall::RegisterProduct { product, .. } => format!("product {product}"),
		PlannedCall::OpenLot { number, planned, .. } => format!("lot {number} of {planned}"),
		PlannedCall::CommissionBatch { batch, serials, .. } => {
			let serials: Vec<_> = serials.iter().map(|serial| serial.as_str()).collect();
			format!("batch {batch}: {}", serials.join(" "))
		},
		PlannedCall::CommissionContainer { sscc, label: None, .. } => format!("container {sscc}"),
		PlannedCall::CommissionContainer { sscc, label: Some((_, serial)), .. } => {
			format!("case {sscc} is {serial}")
		},
		PlannedCall::SplitParcel { batch, start, at } => format!("split {batch}/{start} at {at}"),
		PlannedCall::Pack { sscc, items: packed } => format!("pack {sscc}: {}", items(packed)),
		PlannedCall::Unpack { sscc } => format!("unpack {sscc}"),
		PlannedCall::Ship { to, items: sent, .. } => format!("ship to {to}: {}", items(sent)),
	};
	plan.calls.iter().map(|planned| word(&planned.call)).collect()
}

/// Plays a plan by the rules of the chain, from nothing, and fails where it would refuse.
#[track_caller]
fn replay(plan: &Plan) {
	use std::collections::BTreeMap;
	#[derive(Clone, Copy, PartialEq, Eq, Debug)]
	enum At {
		Held,
		In(Sscc),
		Gone,
	}
	let mut parcels: BTreeMap<(u32, u32), (u32, At)> = BTreeMap::new();
	let mut containers: BTreeMap<Sscc, At> = BTreeMap::new();
	for planned in &plan.calls {
		match &planned.call {
			PlannedCall::RegisterProduct { .. } | PlannedCall::OpenLot { .. } => (),
			PlannedCall::CommissionBatch { batch, serials, .. } => {
				assert!(!serials.is_empty());
				let old = parcels.insert((*batch, 0), (serials.len() as u32, At::Held));
				assert_eq!(old, None);
			},
			PlannedCall::CommissionContainer { sscc, .. } => {
				assert_eq!(containers.insert(*sscc, At::Held), None);
			},
			PlannedCall::SplitParcel { batch, start, at } => {
				let (len, place) = parcels[&(*batch, *start)];
				assert!(start < at && at - start < len);
				parcels.insert((*batch, *start), (at - start, place));
				parcels.insert((*batch, *at), (len - (at - start), place));
			},
			PlannedCall::Unpack { sscc } => {
				assert_eq!(containers[sscc], At::Held);
				let inside = At::In(*sscc);
				let places = parcels.values_mut().map(|(_, place)| place);
				let places =
					places.chain(containers.values_mut()).filter(|place| **place == inside);
				assert!(places.map(|place| *place = At::Held).count() > 0);
			},
			PlannedCall::Pack { items, .. } | PlannedCall::Ship { items, .. } => {
				assert!(items.windows(2).all(|pair| pair[0] < pair[1]), "in rising order");
				let place = match &planned.call {
					PlannedCall::Pack { sscc, .. } => {
						assert_ne!(containers[sscc], At::Gone);
						At::In(*sscc)
					},
					_ => At::Gone,
				};
				for item in items {
					let at = match item {
						PlannedItem::Parcel { batch, start } => {
							&mut parcels.get_mut(&(*batch, *start)).unwrap().1
						},
						PlannedItem::Container(sscc) => containers.get_mut(sscc).unwrap(),
					};
					assert_eq!(*at, At::Held);
					*at = place;
				}
			},
		}
	}
}
