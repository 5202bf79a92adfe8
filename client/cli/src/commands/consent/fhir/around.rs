// SPDX-License-Identifier: Apache-2.0

//! What stands around the rule of a Consent: numbers, and what FHIR has no words for.

use super::node::Node;
use super::statement::*;
use salus_primitives::{Digest, GrantId};
use serde_json::Value;

/// What stands around the rule.
#[derive(Default)]
pub(super) struct Around {
	pub(super) id: Option<GrantId>,
	pub(super) document: Option<Digest>,
	pub(super) uses: Option<u32>,
	pub(super) delegable: bool,
	pub(super) overrides: bool,
}

impl Around {
	pub(super) fn read(root: &Node<'_>) -> Result<Self, Refused> {
		let mut around = Self::default();
		for (path, value) in root.list("identifier")? {
			let node = Node::of(path.clone(), value, &["system", "value"])?;
			let (system, text) = (node.required_text("system")?, node.required_text("value")?);
			let wrong = || node.refuse("value", "it is none of that system");
			match system {
				GRANT => around.id = Some(GrantId(text.parse().map_err(|_| wrong())?)),
				DOCUMENT => around.document = Some(text.parse().map_err(|_| wrong())?),
				_ => {
					let why = "numbers of other systems are not kept: leave it out";
					return Err(Refused::new(path, why));
				},
			}
		}
		for (path, value) in root.list("extension")? {
			around.extend(&Node::of(path, value, &["url", "valueBoolean", "valueUnsignedInt"])?)?;
		}
		Ok(around)
	}

	fn extend(&mut self, extension: &Node<'_>) -> Result<(), Refused> {
		let flag = || {
			let value = extension.value("valueBoolean").and_then(Value::as_bool);
			value.ok_or_else(|| extension.refuse("valueBoolean", "true or false is expected here"))
		};
		match extension.required_text("url")? {
			USES => {
				let value = extension.value("valueUnsignedInt").and_then(Value::as_u64);
				let uses = value.and_then(|uses| u32::try_from(uses).ok());
				let wrong = || extension.refuse("valueUnsignedInt", "a number is expected here");
				self.uses = Some(uses.ok_or_else(wrong)?);
			},
			DELEGABLE => self.delegable = flag()?,
			OVERRIDE => self.overrides = flag()?,
			other => {
				let why = format!("`{other}` is not known here: leave it out");
				return Err(extension.refuse("url", why));
			},
		}
		Ok(())
	}
}
