// SPDX-License-Identifier: Apache-2.0

//! Trees of lines, drawn for people.

/// A line with the lines below it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Node {
	pub(super) text: String,
	pub(super) below: Vec<Node>,
}

impl Node {
	pub(super) fn leaf(text: impl Into<String>) -> Self {
		Self { text: text.into(), below: Vec::new() }
	}

	/// All of it.
	pub(super) fn draw(&self) -> String {
		let mut lines = vec![self.text.clone()];
		self.draw_below("", &mut lines);
		lines.join("\n")
	}

	fn draw_below(&self, margin: &str, lines: &mut Vec<String>) {
		let last = self.below.len().saturating_sub(1);
		for (place, node) in self.below.iter().enumerate() {
			let (branch, further) =
				if place == last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
			lines.push(format!("{margin}{branch}{}", node.text));
			node.draw_below(&format!("{margin}{further}"), lines);
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn branches_hang_where_they_belong() {
		let inner = Node { text: "b".into(), below: vec![Node::leaf("c")] };
		let tree = Node { text: "a".into(), below: vec![inner, Node::leaf("d")] };
		assert_eq!(tree.draw(), "a\n├─ b\n│  └─ c\n└─ d");
		assert_eq!(Node::leaf("a").draw(), "a");
	}
}
