// SPDX-License-Identifier: Apache-2.0

//! Compares types of this crate with types of the committed metadata, name by name.
//!
//! What has the same bytes for a reason is taken as the same: a struct of one unnamed field is its
//! field, and so a `BoundedVec` is a `Vec` and an `AccountId32` is 32 bytes.

use crate::submit::committed_metadata;
use scale_info::{
	MetaType, PortableRegistry, Registry, TypeDef, TypeDefPrimitive, form::PortableForm,
};
use std::collections::HashSet;

/// The name and the arguments of a call or query of this crate.
pub(crate) struct Signature {
	pub(crate) pallet: &'static str,
	pub(crate) name: &'static str,
	pub(crate) arguments: Vec<(&'static str, MetaType)>,
}

impl Signature {
	/// Panics where the call of the metadata differs.
	pub(crate) fn check_call(&self) {
		let what = format!("{}.{}", self.pallet, self.name);
		let pallet = committed_metadata().pallet_by_name(self.pallet);
		let call = pallet.and_then(|pallet| pallet.call_variant_by_name(self.name).cloned());
		let call = call.unwrap_or_else(|| panic!("the metadata has no {what}"));
		let theirs =
			call.fields.iter().map(|field| (field.name.clone().unwrap_or_default(), field.ty.id));
		self.check_arguments(&what, theirs.collect());
	}

	/// Panics where the view function of the metadata differs.
	pub(crate) fn check_view(&self, answer: MetaType) {
		let what = format!("{}.{}", self.pallet, self.name);
		let pallet = committed_metadata().pallet_by_name(self.pallet);
		let function = pallet.and_then(|pallet| pallet.view_function_by_name(self.name));
		let function = function.unwrap_or_else(|| panic!("the metadata has no {what}"));
		let theirs = function.inputs().map(|input| (input.name.to_string(), input.id)).collect();
		self.check_arguments(&what, theirs);
		compare(&format!("{what} -> answer"), answer, function.output_ty());
	}

	fn check_arguments(&self, what: &str, theirs: Vec<(String, u32)>) {
		let names: Vec<_> = theirs.iter().map(|(name, _)| name.as_str()).collect();
		let ours: Vec<_> = self.arguments.iter().map(|(name, _)| *name).collect();
		assert_eq!(ours, names, "{what}");
		for ((name, ours), (_, theirs)) in self.arguments.iter().zip(theirs) {
			compare(&format!("{what}({name})"), *ours, theirs);
		}
	}
}

/// Panics where a runtime API differs.
pub(crate) fn check_api(api: &str, method: &str, arguments: &[MetaType], answer: MetaType) {
	let what = format!("{api}.{method}");
	let found = committed_metadata().runtime_api_trait_by_name(api);
	let found = found.and_then(|api| api.method_by_name(method));
	let found = found.unwrap_or_else(|| panic!("the metadata has no {what}"));
	let inputs: Vec<_> = found.inputs().map(|input| input.id).collect();
	assert_eq!(inputs.len(), arguments.len(), "{what}");
	for (argument, input) in arguments.iter().zip(inputs) {
		compare(&what, *argument, input);
	}
	compare(&what, answer, found.output_ty());
}

fn compare(path: &str, ours: MetaType, theirs: u32) {
	let mut registry = Registry::new();
	let id = registry.register_type(&ours).id;
	let ours: PortableRegistry = registry.into();
	let theirs_types = committed_metadata().types();
	Comparison { ours: &ours, theirs: theirs_types, seen: HashSet::new() }.same(path, id, theirs);
}

struct Comparison<'a> {
	ours: &'a PortableRegistry,
	theirs: &'a PortableRegistry,
	seen: HashSet<(u32, u32)>,
}

impl Comparison<'_> {
	fn same(&mut self, path: &str, ours: u32, theirs: u32) {
		let (ours, theirs) = (unwrapped(self.ours, ours), unwrapped(self.theirs, theirs));
		if !self.seen.insert((ours, theirs)) {
			return;
		}
		let (one, other) = (definition(self.ours, ours), definition(self.theirs, theirs));
		match (&one, &other) {
			(TypeDef::Primitive(one), TypeDef::Primitive(other)) => {
				assert_eq!(primitive(one), primitive(other), "{path}");
			},
			(TypeDef::Sequence(one), TypeDef::Sequence(other)) => {
				self.same(&format!("{path}[]"), one.type_param.id, other.type_param.id);
			},
			(TypeDef::Array(one), TypeDef::Array(other)) => {
				assert_eq!(one.len, other.len, "{path}");
				self.same(&format!("{path}[]"), one.type_param.id, other.type_param.id);
			},
			(TypeDef::Compact(one), TypeDef::Compact(other)) => {
				self.same(&format!("{path}#"), one.type_param.id, other.type_param.id);
			},
			(TypeDef::Tuple(one), TypeDef::Tuple(other)) => {
				assert_eq!(one.fields.len(), other.fields.len(), "{path}");
				for (place, (one, other)) in one.fields.iter().zip(&other.fields).enumerate() {
					self.same(&format!("{path}.{place}"), one.id, other.id);
				}
			},
			(TypeDef::Composite(one), TypeDef::Composite(other)) => {
				self.fields(path, &one.fields, &other.fields);
			},
			(TypeDef::Variant(one), TypeDef::Variant(other)) => {
				let names = |variants: &[scale_info::Variant<PortableForm>]| {
					let names =
						variants.iter().map(|variant| (variant.index, variant.name.clone()));
					names.collect::<Vec<_>>()
				};
				assert_eq!(names(&one.variants), names(&other.variants), "{path}");
				for (one, other) in one.variants.iter().zip(&other.variants) {
					self.fields(&format!("{path}::{}", one.name), &one.fields, &other.fields);
				}
			},
			_ => panic!("{path}: {one:?} is not {other:?}"),
		}
	}

	fn fields(
		&mut self,
		path: &str,
		ours: &[scale_info::Field<PortableForm>],
		theirs: &[scale_info::Field<PortableForm>],
	) {
		let names = |fields: &[scale_info::Field<PortableForm>]| {
			fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>()
		};
		assert_eq!(names(ours), names(theirs), "{path}");
		for (one, other) in ours.iter().zip(theirs) {
			let name = one.name.as_deref().unwrap_or("0");
			self.same(&format!("{path}.{name}"), one.ty.id, other.ty.id);
		}
	}
}

/// A type behind all the structs of one unnamed field around it.
fn unwrapped(types: &PortableRegistry, id: u32) -> u32 {
	match definition(types, id) {
		TypeDef::Composite(composite) => match composite.fields.as_slice() {
			[field] if field.name.is_none() => unwrapped(types, field.ty.id),
			_ => id,
		},
		_ => id,
	}
}

fn definition(types: &PortableRegistry, id: u32) -> TypeDef<PortableForm> {
	types.resolve(id).expect("every id of a registry is in it").type_def.clone()
}

fn primitive(primitive: &TypeDefPrimitive) -> String {
	format!("{primitive:?}")
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::types::IdentityStatus;
	use scale_info::{TypeInfo, meta_type};

	/// The answer of `Identity.identity`, compared with something else.
	fn answer_as<T: TypeInfo + 'static>() {
		let pallet = committed_metadata().pallet_by_name("Identity").unwrap();
		let answer = pallet.view_function_by_name("identity").unwrap().output_ty();
		compare("answer", meta_type::<T>(), answer);
	}

	#[derive(TypeInfo)]
	#[allow(dead_code)]
	struct Renamed {
		kind: salus_primitives::IdentityKind,
		state: IdentityStatus,
	}

	#[test]
	#[should_panic(expected = "answer::Some.0")]
	fn another_struct_is_told() {
		answer_as::<Option<Renamed>>();
	}

	#[test]
	#[should_panic(expected = "is not")]
	fn another_sort_of_type_is_told() {
		answer_as::<Vec<u8>>();
	}
}
