// SPDX-License-Identifier: Apache-2.0
//! The codes in published EPCIS documents, read where these are present.

use salus_gs1::{DigitalLink, EpcError, EpcKey, EpcUri, Gln, Gtin, Ndc, NdcLayout};
use std::{collections::BTreeSet, fs, path::PathBuf};

/// The documents by name, or `None` with a word about it.
fn documents() -> Option<Vec<(String, String)>> {
	let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/epcis");
	if !folder.is_dir() {
		eprintln!("SKIPPED: the published documents are not at {}", folder.display());
		return None;
	}
	let mut documents = Vec::new();
	for entry in fs::read_dir(folder).unwrap() {
		let path = entry.unwrap().path();
		let name = path.file_name().unwrap().to_string_lossy().into_owned();
		documents.push((name, fs::read_to_string(path).unwrap()));
	}
	Some(documents)
}

/// What begins with `start`, up to the end of its quotes or element.
fn words<'a>(text: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
	text.match_indices(start).map(|(at, _)| {
		let word = &text[at..];
		&word[..word.find(['"', '<']).unwrap_or(word.len())]
	})
}

#[test]
fn every_epc_uri_is_read_and_written_as_it_was() {
	let Some(documents) = documents() else { return };
	let known = ["id:sgtin:", "idpat:sgtin:", "class:lgtin:", "id:sscc:", "id:sgln:", "id:pgln:"];
	let (mut read, mut refused) = (0, 0);
	for (name, text) in &documents {
		for uri in words(text, "urn:epc:") {
			let is_known = known.iter().any(|scheme| uri["urn:epc:".len()..].starts_with(scheme));
			match uri.parse::<EpcUri>() {
				Ok(epc) => {
					assert_eq!(epc.to_string(), uri, "{name}");
					read += 1;
				},
				Err(EpcError::UnknownScheme { .. }) if !is_known => refused += 1,
				Err(error) => panic!("{name}: {uri}: {error}"),
			}
		}
	}
	assert!(read > 90, "{read} were read");
	assert!(refused > 10, "{refused} of other schemes were told");
}

#[test]
fn the_pharma_case_has_its_packs_cases_and_pallet() {
	let Some(documents) = documents() else { return };
	let (_, text) = documents
		.iter()
		.find(|(name, _)| name.ends_with(".xml"))
		.expect("the pharma case is the one XML document");
	let (mut packs, mut cases, mut pallets) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
	let mut locations = BTreeSet::new();
	for uri in words(text, "urn:epc:id") {
		match uri.parse::<EpcUri>().unwrap().key() {
			EpcKey::Sgtin(gtin, serial) if gtin.indicator() == 0 => {
				packs.insert((gtin, serial));
			},
			EpcKey::Sgtin(gtin, serial) => {
				cases.insert((gtin, serial));
			},
			EpcKey::Sscc(sscc) => {
				pallets.insert(sscc.to_string());
			},
			EpcKey::Sgln(gln, None) => {
				locations.insert(gln.to_string());
			},
			EpcKey::AnySgtin(_) => {},
			other => panic!("{other:?}"),
		}
	}
	assert_eq!((packs.len(), cases.len(), pallets.len(), locations.len()), (12, 3, 1, 4));
	assert!(pallets.contains("403000112345678901"));

	// The drug code of the master data is the one in the GTIN.
	let code = words(text, "0001-0123-45").next().unwrap();
	let ndc: Ndc = code.parse().unwrap();
	let (pack, _) = packs.first().unwrap();
	assert_eq!(ndc.to_gtin(0), Ok(*pack));
	assert_eq!(Ndc::in_gtin(*pack, NdcLayout::FourFourTwo), Ok(ndc));
	assert_eq!(cases.first().unwrap().0, ndc.to_gtin(1).unwrap());

	// Document numbers begin with the location number of who issued them.
	for document in words(text, "urn:epcglobal:cbv:bt:") {
		let number: Gln = document.split(':').nth(4).unwrap().parse().unwrap();
		assert!(locations.contains(&number.to_string()), "{document}");
	}
}

#[test]
fn a_digital_link_names_the_same_as_the_uri_beside_it() {
	let Some(documents) = documents() else { return };
	let mut read = 0;
	for (name, text) in &documents {
		for address in words(text, "http").filter(|it| it.contains("/00/") || it.contains("/8004/"))
		{
			let link: DigitalLink =
				address.parse().unwrap_or_else(|error| panic!("{name}: {address}: {error}"));
			assert_eq!(link.to_string(), address);
			read += 1;
			if let Some(sscc) = link.to_elements().unwrap().sscc() {
				let uri = EpcUri::new(EpcKey::Sscc(sscc), 7).unwrap();
				assert_eq!(uri.to_string(), "urn:epc:id:sscc:4012345.0000000333");
				assert!(text.contains(&uri.to_string()));
			}
		}
	}
	assert!(read >= 3, "{read} were read");
}

#[test]
fn the_products_of_the_documents_have_sound_gtins() {
	let Some(documents) = documents() else { return };
	let gtins: BTreeSet<Gtin> = documents
		.iter()
		.flat_map(|(_, text)| words(text, "urn:epc:"))
		.filter_map(|uri| match uri.parse::<EpcUri>().ok()?.key() {
			EpcKey::Sgtin(gtin, _) | EpcKey::AnySgtin(gtin) | EpcKey::Lgtin(gtin, _) => Some(gtin),
			_ => None,
		})
		.collect();
	assert!(gtins.len() >= 10, "{gtins:?}");
	assert!(gtins.iter().all(|gtin| Gtin::parse(gtin.to_string().as_bytes()) == Ok(*gtin)));
}
