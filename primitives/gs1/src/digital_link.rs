// SPDX-License-Identifier: Apache-2.0

//! GS1 Digital Link: elements as a web address.

use crate::{
	Ai, DigitalLinkError, Element, ElementString, ElementStringError, GivenGtin, element_string,
	error::count, macros::serde_as_text, percent,
};
use alloc::{
	string::{String, ToString},
	vec::Vec,
};
use core::{fmt, str::FromStr};

/// Where canonical Digital Links point.
pub const CANONICAL_RESOLVER: &str = "https://id.gs1.org";

/// A key with its qualifiers and attributes, and the address that it stands at.
///
/// A GTIN in the path may have 8, 12, 13 or 14 digits and is written with 14. Of the alphabetic
/// names of version 1.1 (`/gtin/…/lot/…/ser/…`) those of known keys are read; they are written as
/// digits.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct DigitalLink {
	/// Scheme, domain and what stands before the key: no slash at the end.
	resolver: String,
	key: Element,
	qualifiers: Vec<Element>,
	attributes: Vec<Element>,
	/// Parts of the query that are no identifiers, as they stand.
	others: Vec<String>,
	fragment: Option<String>,
}

impl DigitalLink {
	/// The canonical link of some elements: a key, then its qualifiers, the rest as attributes.
	pub fn of(elements: &ElementString) -> Result<Self, DigitalLinkError> {
		// Of several keys a product comes first.
		let keys = [Ai::Gtin, Ai::Sscc, Ai::Location, Ai::Party, Ai::Grai, Ai::Giai];
		let of = |ai: Ai| elements.elements().iter().find(|element| element.ai() == ai);
		let key = keys.iter().find_map(|ai| of(*ai)).ok_or(DigitalLinkError::NoKey)?;
		let order = key.ai().qualifiers().unwrap_or_default();
		let is_qualifier = |element: &&Element| order.contains(&element.ai());
		let rest = || elements.elements().iter().filter(|element| *element != key);
		let link = Self {
			resolver: CANONICAL_RESOLVER.into(),
			key: key.clone(),
			qualifiers: order.iter().filter_map(|ai| of(*ai)).cloned().collect(),
			attributes: rest().filter(|element| !is_qualifier(element)).cloned().collect(),
			others: Vec::new(),
			fragment: None,
		};
		link.check()?;
		Ok(link)
	}

	/// Reads a link of any domain.
	pub fn parse(text: &str) -> Result<Self, DigitalLinkError> {
		if let Some((at, byte)) = text.bytes().enumerate().find(|(_, byte)| !is_of_uri(*byte)) {
			return Err(DigitalLinkError::BadCharacter { at: count(at), byte });
		}
		let (text, fragment) = split_at(text, '#');
		let (address, query) = split_at(text, '?');
		let (origin, path) = split_origin(address)?;
		let segments: Vec<&str> = path.split('/').collect();
		let start = key_position(&segments)?;

		let resolver =
			segments.iter().take(start).fold(String::from(origin), |mut address, stem| {
				address.push('/');
				address.push_str(stem);
				address
			});
		let mut seen = Vec::new();
		let mut path = Vec::new();
		for pair in segments.get(start..).unwrap_or_default().chunks_exact(2) {
			let [code, value] = pair else { return Err(DigitalLinkError::NoKey) };
			let given = || DigitalLinkError::UnknownAi { given: excerpt(code) };
			path.push(once(&mut seen, element(ai_of_path(code).ok_or_else(given)?, value, true)?)?);
		}
		let mut path = path.into_iter();
		let key = path.next().ok_or(DigitalLinkError::NoKey)?;
		let qualifiers = path.collect();
		let (mut attributes, mut others) = (Vec::new(), Vec::new());
		for part in query.into_iter().flat_map(|query| query.split('&')) {
			match attribute(part)? {
				Some(attribute) => attributes.push(once(&mut seen, attribute)?),
				None => others.push(part.into()),
			}
		}
		let fragment = fragment.map(String::from);
		let link = Self { resolver, key, qualifiers, attributes, others, fragment };
		link.check()?;
		Ok(link)
	}

	/// The same elements at another resolver, such as `https://example.org/some/path`.
	pub fn at(mut self, resolver: &str) -> Result<Self, DigitalLinkError> {
		if let Some((at, byte)) = resolver.bytes().enumerate().find(|(_, byte)| !is_of_uri(*byte)) {
			return Err(DigitalLinkError::BadCharacter { at: count(at), byte });
		}
		let bad = || DigitalLinkError::BadHost { given: excerpt(resolver) };
		if resolver.contains(['?', '#']) || resolver.ends_with('/') {
			return Err(bad());
		}
		split_origin(resolver).map_err(|error| match error {
			DigitalLinkError::BadHost { .. } => bad(),
			error => error,
		})?;
		self.resolver = resolver.into();
		Ok(self)
	}

	/// The canonical link: at [`CANONICAL_RESOLVER`], with nothing but elements.
	pub fn canonical(mut self) -> Self {
		self.resolver = CANONICAL_RESOLVER.into();
		self.others = Vec::new();
		self.fragment = None;
		self
	}

	/// Scheme, domain and the path before the key, as given.
	pub fn resolver(&self) -> &str {
		&self.resolver
	}

	/// The key.
	pub fn key(&self) -> &Element {
		&self.key
	}

	/// Its qualifiers, in the order of the standard.
	pub fn qualifiers(&self) -> &[Element] {
		&self.qualifiers
	}

	/// The elements of the query.
	pub fn attributes(&self) -> &[Element] {
		&self.attributes
	}

	/// What else stands in the query, as it stands.
	pub fn others(&self) -> &[String] {
		&self.others
	}

	/// All elements: key, qualifiers, attributes.
	pub fn to_elements(&self) -> Result<ElementString, ElementStringError> {
		ElementString::new(self.elements().cloned().collect())
	}

	fn elements(&self) -> impl Iterator<Item = &Element> {
		core::iter::once(&self.key).chain(&self.qualifiers).chain(&self.attributes)
	}

	/// Whether each element stands where it may.
	fn check(&self) -> Result<(), DigitalLinkError> {
		let key = self.key.ai();
		let order = key.qualifiers().unwrap_or_default();
		let mut reached = 0;
		for ai in self.qualifiers.iter().map(Element::ai) {
			let place = order.iter().position(|other| *other == ai);
			let place = place.ok_or(DigitalLinkError::NotAQualifier { key, ai })?;
			if place < reached {
				return Err(DigitalLinkError::QualifierOrder { ai });
			}
			// The serial of a third party stands alone.
			if ai == Ai::ThirdPartySerial && self.qualifiers.len() > 1 {
				return Err(DigitalLinkError::NotAQualifier { key, ai });
			}
			reached = place;
		}
		match self
			.attributes
			.iter()
			.map(Element::ai)
			.find(|ai| !ai.may_be_attribute() || order.contains(ai))
		{
			Some(ai) => Err(DigitalLinkError::NotAnAttribute { ai }),
			None => Ok(()),
		}
	}
}

impl fmt::Display for DigitalLink {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(&self.resolver)?;
		for element in core::iter::once(&self.key).chain(&self.qualifiers) {
			write!(f, "/{}/", element.ai().code())?;
			percent::encode(f, &element.value().to_string(), is_unreserved)?;
		}
		let mut mark = '?';
		for element in &self.attributes {
			write!(f, "{mark}{}=", element.ai().code())?;
			percent::encode(f, &element.value().to_string(), is_unreserved)?;
			mark = '&';
		}
		for other in &self.others {
			write!(f, "{mark}{other}")?;
			mark = '&';
		}
		self.fragment.as_ref().map_or(Ok(()), |fragment| write!(f, "#{fragment}"))
	}
}

impl FromStr for DigitalLink {
	type Err = DigitalLinkError;

	fn from_str(text: &str) -> Result<Self, DigitalLinkError> {
		Self::parse(text)
	}
}

serde_as_text!(DigitalLink);

/// The beginning of what is given, for an error.
fn excerpt(text: &str) -> String {
	element_string::start(text.as_bytes(), 64)
}

fn split_at(text: &str, mark: char) -> (&str, Option<&str>) {
	text.split_once(mark).map_or((text, None), |(before, behind)| (before, Some(behind)))
}

/// Scheme with domain, and the path behind the first slash.
fn split_origin(address: &str) -> Result<(&str, &str), DigitalLinkError> {
	let (scheme, rest) = address.split_once("://").ok_or(DigitalLinkError::NotHttp)?;
	if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
		return Err(DigitalLinkError::NotHttp);
	}
	let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
	let (name, port) = split_at(host, ':');
	let labels_are_sound = name.split('.').all(|label| {
		!label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
	});
	let is_port =
		|port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
	if !labels_are_sound || !port.is_none_or(is_port) {
		return Err(DigitalLinkError::BadHost { given: excerpt(host) });
	}
	let length = address.len().saturating_sub(rest.len()).saturating_add(host.len());
	Ok((address.get(..length).unwrap_or_default(), path))
}

/// Where the key stands. Keys never qualify another, so it is the last one that a whole number of
/// pairs begins with.
fn key_position(segments: &[&str]) -> Result<usize, DigitalLinkError> {
	let is_key = |at: usize| {
		segments
			.get(at)
			.and_then(|code| ai_of_path(code))
			.is_some_and(|ai| ai.qualifiers().is_some())
	};
	if segments.last() == Some(&"") && segments.len() > 2 {
		return Err(DigitalLinkError::TrailingSlash);
	}
	let last = segments.len().checked_sub(2).ok_or(DigitalLinkError::NoKey)?;
	(0..=last).rev().step_by(2).find(|at| is_key(*at)).ok_or(DigitalLinkError::NoKey)
}

/// The identifier of a path segment: digits, or a name of version 1.1.
fn ai_of_path(code: &str) -> Option<Ai> {
	match code {
		"gtin" => Some(Ai::Gtin),
		"cpv" => Some(Ai::ConsumerVariant),
		"lot" => Some(Ai::Lot),
		"ser" => Some(Ai::Serial),
		"sscc" => Some(Ai::Sscc),
		"gln" => Some(Ai::Location),
		"glnx" => Some(Ai::GlnExtension),
		"party" => Some(Ai::Party),
		"grai" => Some(Ai::Grai),
		"giai" => Some(Ai::Giai),
		digits => Ai::from_code(digits.as_bytes()),
	}
}

/// Refuses an identifier that was seen, at once: an address may be long, and there are few.
fn once(seen: &mut Vec<Ai>, element: Element) -> Result<Element, DigitalLinkError> {
	if seen.contains(&element.ai()) {
		return Err(DigitalLinkError::DuplicateAi { ai: element.ai() });
	}
	seen.push(element.ai());
	Ok(element)
}

fn attribute(part: &str) -> Result<Option<Element>, DigitalLinkError> {
	let (name, value) = split_at(part, '=');
	if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_digit()) {
		return Ok(None);
	}
	let ai = Ai::from_code(name.as_bytes())
		.ok_or_else(|| DigitalLinkError::UnknownAi { given: excerpt(name) })?;
	element(ai, value.unwrap_or_default(), false).map(Some)
}

/// An element with its percent-encoding undone. In the path a GTIN may have any of its forms.
fn element(ai: Ai, value: &str, is_in_path: bool) -> Result<Element, DigitalLinkError> {
	let value = percent::decode(value.as_bytes())
		.map_err(|at| DigitalLinkError::BadPercentEncoding { ai, at: count(at) })?;
	let element = if ai == Ai::Gtin && is_in_path {
		GivenGtin::parse(&value).map(|given| given.gtin().into())
	} else {
		Element::parse(ai, &value)
	};
	element.map_err(|cause| DigitalLinkError::Field { ai, cause })
}

/// What may stand in an address at all (RFC 3986, section 2).
const fn is_of_uri(byte: u8) -> bool {
	byte.is_ascii_graphic()
		&& !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
}

const fn is_unreserved(byte: u8) -> bool {
	byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}
