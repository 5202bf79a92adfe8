// SPDX-License-Identifier: Apache-2.0

//! EPCIS 1.2 in XML. Version 2.0 in XML has the same events and is read too.

use super::{
	ImportError,
	document::{Document, Event, Kind, Master, Placed, word},
};
use quick_xml::{
	NsReader, XmlVersion,
	escape::resolve_xml_entity,
	events::{BytesStart, Event as Token},
	name::ResolveResult,
};

/// How deep elements stand in each other at most.
const MAX_DEPTH: usize = 32;
/// The namespace of the vocabulary's master data attributes.
const MASTER_DATA: &str = "urn:epcglobal:cbv:mda";

/// An element with what is in it.
struct Node {
	line: u64,
	/// Its namespace; empty where it has none.
	space: String,
	name: String,
	attributes: Vec<(String, String)>,
	text: String,
	children: Vec<Node>,
}

impl Node {
	fn place(&self) -> String {
		format!("line {}", self.line)
	}

	/// The first child of a name of EPCIS itself, which has no namespace.
	fn child(&self, name: &str) -> Option<&Self> {
		self.plain().find(|child| child.name == name)
	}

	/// The children without a namespace. Those in `extension` and `baseExtension` count as their own:
	/// there the versions of the standard put what came later.
	fn plain(&self) -> Box<dyn Iterator<Item = &Self> + '_> {
		let children = self.children.iter().filter(|child| child.space.is_empty());
		Box::new(children.flat_map(|child| match child.name.as_str() {
			"extension" | "baseExtension" => child.plain(),
			_ => Box::new(std::iter::once(child)),
		}))
	}

	fn text_of(&self, name: &str) -> Option<String> {
		self.child(name).map(|child| child.text.trim().to_owned())
	}

	fn attribute(&self, name: &str) -> Option<&str> {
		self.attributes.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
	}

	fn placed(&self) -> Placed {
		Placed { place: self.place(), text: self.text.trim().to_owned() }
	}

	/// The first element of a local name anywhere below, whatever its namespace.
	fn anywhere(&self, name: &str) -> Option<&Self> {
		self.children
			.iter()
			.find_map(|child| if child.name == name { Some(child) } else { child.anywhere(name) })
	}
}

/// Reads a document.
pub(super) fn read(bytes: &[u8]) -> Result<Document, ImportError> {
	let root = tree(bytes)?;
	let not_epcis =
		|place: String, reason: &str| ImportError::NotEpcis { place, reason: reason.into() };
	if root.name != "EPCISDocument" {
		let reason = "this is no EPCISDocument; answers to queries are not read";
		return Err(not_epcis(root.place(), reason));
	}
	let version = root.attribute("schemaVersion").unwrap_or_default();
	if !["1.2", "2.0"].iter().any(|known| version.starts_with(known)) {
		return Err(not_epcis(root.place(), "XML documents are read of EPCIS 1.2 and 2.0"));
	}
	let body = root.child("EPCISBody").and_then(|body| body.child("EventList"));
	let body = body.ok_or_else(|| {
		not_epcis(root.place(), "there is no EPCISBody with an EventList: ask the sender for it")
	})?;
	let mut document =
		Document { events: body.plain().map(event).collect(), ..Document::default() };
	if let Some(header) = root.child("EPCISHeader") {
		document.masters = masters(header);
		document.affirmed = header
			.anywhere("affirmTransactionStatement")
			.is_some_and(|statement| statement.text.trim() == "true");
	}
	Ok(document)
}

fn masters(header: &Node) -> Vec<Master> {
	let Some(list) = header.anywhere("VocabularyList") else { return Vec::new() };
	let mut masters = Vec::new();
	for vocabulary in list.plain().filter(|node| node.name == "Vocabulary") {
		let kind = vocabulary.attribute("type").unwrap_or_default();
		let kind = kind.rsplit(':').next().unwrap_or(kind);
		let elements = vocabulary.child("VocabularyElementList");
		for element in elements.into_iter().flat_map(|list| list.plain()) {
			let attributes = element.plain().filter(|node| node.name == "attribute");
			masters.push(Master {
				place: element.place(),
				vocabulary: kind.to_owned(),
				id: element.attribute("id").unwrap_or_default().to_owned(),
				attributes: attributes
					.filter_map(|node| {
						let name = node.attribute("id")?;
						let name = name.rsplit(['#', ':']).next().unwrap_or(name);
						Some((name.to_owned(), node.text.trim().to_owned()))
					})
					.collect(),
			});
		}
	}
	masters
}

fn event(node: &Node) -> Event {
	let mut event = Event::new(node.place(), Kind::of(&node.name));
	let term = |name: &str| node.text_of(name).map(|term| word(&term).to_owned());
	let epcs = |name: &str| -> Vec<Placed> {
		let list = node.child(name).into_iter().flat_map(|list| list.plain());
		list.map(Node::placed).collect()
	};
	event.id = node.text_of("eventID");
	event.time = node.text_of("eventTime");
	event.action = node.text_of("action");
	event.step = term("bizStep");
	event.epcs = epcs("epcList");
	event.children = epcs("childEPCs");
	event.parent = node.child("parentID").map(Node::placed);
	event.has_quantities = ["quantityList", "childQuantityList"]
		.iter()
		.any(|name| node.child(name).is_some_and(|list| !list.children.is_empty()));
	event.is_error = node.child("errorDeclaration").is_some();
	if let Some(facts) = node.child("ilmd") {
		let fact = |name: &str| {
			let mut facts = facts.children.iter().filter(|fact| fact.space == MASTER_DATA);
			facts.find(|fact| fact.name == name).map(|fact| fact.text.trim().to_owned())
		};
		event.lot = fact("lotNumber");
		event.expiry = fact("itemExpirationDate");
		event.made = fact("productionDate");
	}
	event.sources = typed(node, "sourceList");
	event.destinations = typed(node, "destinationList");
	event.transactions = typed(node, "bizTransactionList")
		.into_iter()
		.map(|(kind, transaction)| (kind, transaction.text))
		.collect();
	event
}

/// The members of a list, each with its type.
fn typed(node: &Node, list: &str) -> Vec<(String, Placed)> {
	let members = node.child(list).into_iter().flat_map(|list| list.plain());
	members
		.map(|member| {
			let kind = word(member.attribute("type").unwrap_or_default()).to_owned();
			(kind, member.placed())
		})
		.collect()
}

/// Counts lines up to a place that only moves on.
struct Lines<'a> {
	bytes: &'a [u8],
	at: usize,
	line: u64,
}

impl Lines<'_> {
	fn upto(&mut self, at: u64) -> u64 {
		let at = usize::try_from(at).unwrap_or(usize::MAX).min(self.bytes.len());
		let passed = self.bytes.get(self.at..at).unwrap_or_default();
		let ends = passed.iter().filter(|byte| **byte == b'\n').count() as u64;
		self.line = self.line.saturating_add(ends);
		self.at = self.at.max(at);
		self.line
	}
}

/// Reads the elements of a document. Document types, and entities but the five of XML, are refused:
/// they make short documents long.
fn tree(bytes: &[u8]) -> Result<Node, ImportError> {
	let mut lines = Lines { bytes, at: 0, line: 1 };
	let text = std::str::from_utf8(bytes).map_err(|error| ImportError::Xml {
		line: lines.upto(error.valid_up_to() as u64),
		reason: "a byte is no UTF-8; save the document in UTF-8".into(),
	})?;
	let mut reader = NsReader::from_str(text);
	let mut open: Vec<Node> = Vec::new();
	loop {
		let line = lines.upto(reader.buffer_position());
		let wrong = |reason: String| ImportError::Xml { line, reason };
		let (space, token) = match reader.read_resolved_event() {
			Ok((ResolveResult::Bound(space), token)) => {
				(String::from_utf8_lossy(space.0).into_owned(), token)
			},
			Ok((_, token)) => (String::new(), token),
			Err(error) => {
				let line = lines.upto(reader.error_position());
				return Err(ImportError::Xml { line, reason: error.to_string() });
			},
		};
		let closed = match token {
			Token::Start(start) => {
				if open.len() >= MAX_DEPTH {
					return Err(wrong(format!("elements stand more than {MAX_DEPTH} deep")));
				}
				// Its line is that of its end bracket or of the text before: the name's own.
				open.push(node(&start, space, line).map_err(wrong)?);
				None
			},
			Token::Empty(start) => Some(node(&start, space, line).map_err(wrong)?),
			Token::End(_) => open.pop(),
			Token::Text(text) => {
				let text = text.xml10_content().map_err(|error| wrong(error.to_string()))?;
				append(&mut open, &text);
				None
			},
			Token::CData(text) => {
				let text = text.xml10_content().map_err(|error| wrong(error.to_string()))?;
				append(&mut open, &text);
				None
			},
			Token::GeneralRef(entity) => {
				let sound = |error: &dyn std::fmt::Display| wrong(error.to_string());
				match entity.resolve_char_ref().map_err(|error| sound(&error))? {
					Some(character) => append(&mut open, character.encode_utf8(&mut [0; 4])),
					None => {
						let name = entity.decode().map_err(|error| sound(&error))?;
						let text = resolve_xml_entity(&name)
							.ok_or_else(|| wrong(format!("the entity &{name}; is not known")))?;
						append(&mut open, text);
					},
				}
				None
			},
			Token::DocType(_) => {
				return Err(wrong("a document type is not read: send the document without".into()));
			},
			Token::Eof => return Err(wrong("the document ends within an element".into())),
			Token::Comment(_) | Token::Decl(_) | Token::PI(_) => None,
		};
		if let Some(closed) = closed {
			match open.last_mut() {
				Some(parent) => parent.children.push(closed),
				None => return Ok(closed),
			}
		}
	}
}

fn append(open: &mut [Node], text: &str) {
	if let Some(node) = open.last_mut() {
		node.text.push_str(text);
	}
}

fn node(start: &BytesStart<'_>, space: String, line: u64) -> Result<Node, String> {
	let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
	let mut attributes = Vec::new();
	for attribute in start.attributes() {
		let attribute = attribute.map_err(|error| error.to_string())?;
		let value = attribute
			.normalized_value(XmlVersion::Implicit1_0)
			.map_err(|error| error.to_string())?;
		let name = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
		attributes.push((name, value.into_owned()));
	}
	Ok(Node { line, space, name, attributes, text: String::new(), children: Vec::new() })
}
