// SPDX-License-Identifier: Apache-2.0

//! EPCIS 2.0 in JSON.

use super::{
	ImportError, Refusal,
	document::{Document, Event, Kind, Master, Placed, word},
};
use serde_json::{Map, Value};

type Object = Map<String, Value>;

/// Reads a document.
pub(super) fn read(bytes: &[u8]) -> Result<Document, ImportError> {
	let root: Value = serde_json::from_slice(bytes).map_err(ImportError::Json)?;
	let refused = |place: &str, reason: &str| ImportError::NotEpcis {
		place: place.into(),
		reason: reason.into(),
	};
	if root.get("type").and_then(Value::as_str) != Some("EPCISDocument") {
		return Err(refused("/type", "this is no EPCISDocument; answers to queries are not read"));
	}
	let version = root.get("schemaVersion").and_then(Value::as_str).unwrap_or_default();
	if !version.starts_with("2.") {
		return Err(refused("/schemaVersion", "JSON documents are read of EPCIS 2"));
	}
	let list = root.pointer("/epcisBody/eventList").and_then(Value::as_array);
	let list = list.ok_or_else(|| {
		refused("/epcisBody/eventList", "there are no events; a capture document lists them here")
	})?;
	let mut document = Document::default();
	for (number, value) in list.iter().enumerate() {
		let place = format!("/epcisBody/eventList/{number}");
		match value.as_object() {
			Some(members) => document.events.push(event(place, members)),
			None => {
				let reason = "an event is an object: ask the sender for it again".into();
				document.refused.push(Refusal { place, reason });
			},
		}
	}
	header(&root, &mut document);
	Ok(document)
}

fn header(root: &Value, document: &mut Document) {
	let vocabularies = "/epcisHeader/epcisMasterData/vocabularyList";
	let listed = root.pointer(vocabularies).and_then(Value::as_array);
	for (number, vocabulary) in listed.into_iter().flatten().enumerate() {
		let kind = vocabulary.get("type").and_then(Value::as_str).unwrap_or_default();
		let elements = vocabulary.get("vocabularyElementList").and_then(Value::as_array);
		for (element_number, element) in elements.into_iter().flatten().enumerate() {
			let place = format!("{vocabularies}/{number}/vocabularyElementList/{element_number}");
			let id = element.get("id").and_then(Value::as_str).unwrap_or_default().into();
			let attributes = element.get("attributes").and_then(Value::as_array);
			let attributes = attributes.into_iter().flatten().filter_map(attribute).collect();
			let vocabulary = last_word(kind).into();
			document.masters.push(Master { place, vocabulary, id, attributes });
		}
	}
	let statements = root.get("epcisHeader").and_then(Value::as_object);
	let statement = statements
		.into_iter()
		.flatten()
		.find(|(name, _)| name.ends_with(":dscsaTransactionStatement"));
	document.affirmed = statement.and_then(|(_, value)| value.as_object()).is_some_and(|members| {
		members.iter().any(|(name, value)| {
			name.ends_with(":affirmTransactionStatement")
				&& (value.as_bool() == Some(true) || value.as_str() == Some("true"))
		})
	});
}

fn attribute(value: &Value) -> Option<(String, String)> {
	let id = value.get("id")?.as_str()?;
	let given = value.get("attribute")?;
	let text = given.as_str().map_or_else(|| given.to_string(), str::to_owned);
	Some((last_word(id).into(), text))
}

/// The last word of a name: `urn:epcglobal:cbv:mda#name`, `cbvmda:name`.
fn last_word(name: &str) -> &str {
	name.rsplit([':', '#', '/']).next().unwrap_or(name)
}

fn event(place: String, members: &Object) -> Event {
	let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
	let term = |name: &str| text(name).map(|term| word(&term).to_owned());
	let kind = Kind::of(members.get("type").and_then(Value::as_str).unwrap_or("event"));
	let mut event = Event::new(place, kind);
	event.id = text("eventID");
	event.time = text("eventTime");
	event.action = text("action");
	event.step = term("bizStep");
	event.epcs = placed_list(&event.place, members, "epcList");
	event.children = placed_list(&event.place, members, "childEPCs");
	event.parent = text("parentID").map(|text| {
		let place = format!("{}/parentID", event.place);
		Placed { place, text }
	});
	let filled = |name: &&str| {
		members.get(*name).and_then(Value::as_array).is_some_and(|list| !list.is_empty())
	};
	event.has_quantities = ["quantityList", "childQuantityList"].iter().any(filled);
	event.is_error = members.contains_key("errorDeclaration");
	if let Some(facts) = members.get("ilmd").and_then(Value::as_object) {
		let fact = |name: &str| {
			let value = facts.get(&format!("cbvmda:{name}")).or_else(|| facts.get(name))?;
			value.as_str().map(str::to_owned)
		};
		event.lot = fact("lotNumber");
		event.expiry = fact("itemExpirationDate");
		event.made = fact("productionDate");
	}
	event.sources = parties(&event.place, members, "sourceList", "source");
	event.destinations = parties(&event.place, members, "destinationList", "destination");
	event.transactions = parties(&event.place, members, "bizTransactionList", "bizTransaction")
		.into_iter()
		.map(|(kind, transaction)| (kind, transaction.text))
		.collect();
	event
}

fn placed_list(event: &str, members: &Object, name: &str) -> Vec<Placed> {
	let list = members.get(name).and_then(Value::as_array).into_iter().flatten();
	list.enumerate()
		.map(|(number, value)| {
			let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
			Placed { place: format!("{event}/{name}/{number}"), text }
		})
		.collect()
}

/// Members of a list, each with a type.
fn parties(event: &str, members: &Object, list: &str, name: &str) -> Vec<(String, Placed)> {
	let values = members.get(list).and_then(Value::as_array).into_iter().flatten();
	let read = |(number, value): (usize, &Value)| {
		let kind = word(value.get("type").and_then(Value::as_str).unwrap_or_default()).to_owned();
		let text = value.get(name)?.as_str()?.to_owned();
		Some((kind, Placed { place: format!("{event}/{list}/{number}"), text }))
	};
	values.enumerate().filter_map(read).collect()
}
