// SPDX-License-Identifier: Apache-2.0

//! Products and parties of a document's master data.

use super::{
	Plan, Planned, PlannedCall, Refusal,
	document::{Master, Placed},
	order::Packing,
	values::{Thing, location},
};
use salus_gs1::{CompanyPrefix, EpcKey, EpcUri, Gtin, Ndc};
use salus_primitives::{Digest, blake2_256};
use std::collections::{BTreeMap, BTreeSet};

/// What the vocabulary says of an NDC.
const NDC_CODE: &str = "US_FDA_NDC";

/// The groupings of each product: GTIN of the grouping, and the most units that one of them holds.
pub(super) type Levels = BTreeMap<Gtin, BTreeMap<Gtin, u32>>;

/// Which GTINs are groupings of which product, by what their cases hold. A case of several products
/// is a grouping of none.
pub(super) fn levels(packing: &Packing) -> Levels {
	let mut levels = Levels::new();
	for container in packing.containers() {
		let Thing::Item(grouping, _) = container else { continue };
		let units = packing.units(container);
		if let (1, Some((product, count))) = (units.len(), units.first_key_value())
			&& *count > 1
		{
			let most = levels.entry(*product).or_default().entry(*grouping).or_insert(0);
			*most = (*most).max(*count);
		}
	}
	levels
}

/// Adds the products and parties of the master data to a plan. `groupings` are products of nobody.
pub(super) fn add(plan: &mut Plan, masters: Vec<Master>, levels: &Levels) {
	let groupings: BTreeSet<Gtin> = levels.values().flat_map(BTreeMap::keys).copied().collect();
	let mut known = BTreeSet::new();
	for master in masters {
		let added = match master.vocabulary.as_str() {
			"EPCClass" => product(&master, &groupings, levels),
			"Location" | "BusinessLocation" | "ReadPoint" | "Party" | "SourceDest" => {
				party(plan, &master);
				continue;
			},
			// Other vocabularies say nothing of goods.
			_ => continue,
		};
		match added {
			Ok(Some((gtin, call))) if known.insert(gtin) => {
				let place = master.place;
				plan.calls.push(Planned { place, at: None, epcis: None, call });
			},
			Ok(Some((gtin, _))) => plan.refused.push(Refusal {
				place: master.place,
				reason: format!("product {gtin} has master data twice: remove one of them"),
			}),
			Ok(None) => (),
			Err(reason) => plan.refused.push(Refusal { place: master.place, reason }),
		}
	}
}

/// The names of places are shown beside their numbers; one without is no loss.
fn party(plan: &mut Plan, master: &Master) {
	let named = Placed { place: master.place.clone(), text: master.id.clone() };
	if let (Ok(gln), Some(name)) = (location(&named), master.attributes.get("name")) {
		plan.parties.insert(gln, name.clone());
	}
}

fn product(
	master: &Master,
	groupings: &BTreeSet<Gtin>,
	levels: &Levels,
) -> Result<Option<(Gtin, PlannedCall)>, String> {
	let uri = EpcUri::parse(&master.id).map_err(|error| format!("`{}`: {error}", master.id))?;
	let EpcKey::AnySgtin(gtin) = uri.key() else {
		return Err(format!("`{}` is no class of products: it ends with .*", master.id));
	};
	check_ndc(gtin, &master.attributes)?;
	if groupings.contains(&gtin) {
		return Ok(None);
	}
	let company: CompanyPrefix = uri.company_prefix();
	let mut facts = master.attributes.clone();
	facts.insert("id".into(), master.id.clone());
	let json = serde_json::to_string(&facts).map_err(|error| error.to_string())?;
	let master_hash = Digest(blake2_256(json.as_bytes()));
	let levels = levels.get(&gtin).into_iter().flatten();
	let levels = levels.map(|(grouping, units)| (*grouping, *units)).collect();
	let product =
		PlannedCall::RegisterProduct { product: gtin, company, master: json, master_hash, levels };
	Ok(Some((gtin, product)))
}

/// An NDC beside the GTIN has to be the one within it.
fn check_ndc(gtin: Gtin, attributes: &BTreeMap<String, String>) -> Result<(), String> {
	let kind = attributes.get("additionalTradeItemIdentificationTypeCode").map(String::as_str);
	let (Some(text), Some(NDC_CODE)) = (attributes.get("additionalTradeItemIdentification"), kind)
	else {
		return Ok(());
	};
	let ndc: Ndc = text.parse().map_err(|error| format!("NDC `{text}`: {error}"))?;
	match ndc.to_gtin(gtin.indicator()) {
		Ok(expected) if expected == gtin => Ok(()),
		_ => {
			Err(format!("NDC {ndc} is not the one that GTIN {gtin} holds: one of the two is wrong"))
		},
	}
}
