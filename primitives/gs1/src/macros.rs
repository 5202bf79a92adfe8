// SPDX-License-Identifier: Apache-2.0

//! What the types of codes have in common: text in and out, and a checked decoding.

/// `serde` as a string, by `Display` and `FromStr`.
macro_rules! serde_as_text {
	($name:ident) => {
		#[cfg(feature = "serde")]
		impl serde::Serialize for $name {
			fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
				serializer.collect_str(self)
			}
		}

		#[cfg(feature = "serde")]
		impl<'de> serde::Deserialize<'de> for $name {
			fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
				let text =
					<alloc::string::String as serde::Deserialize>::deserialize(deserializer)?;
				text.parse().map_err(serde::de::Error::custom)
			}
		}
	};
}

/// A text of at most `$max` characters, kept in place, that one function checks however it comes
/// about: parsed, decoded from SCALE or read from JSON. It encodes as a `Vec<u8>`.
macro_rules! text_code {
	($(#[$doc:meta])* $name:ident, $max:literal, $what:literal, $check:expr) => {
		$(#[$doc])*
		// Behind its length the array holds zeros, so that equality and hash may look at all of it.
		#[derive(Clone, Copy, PartialEq, Eq, Hash)]
		pub struct $name {
			length: u8,
			bytes: [u8; $max],
		}

		impl $name {
			/// The most characters that it has.
			pub const MAX: u16 = $max;

			/// Reads it, as it stands.
			pub fn parse(text: &[u8]) -> Result<Self, $crate::CodeError> {
				let check: fn(&[u8]) -> Result<(), $crate::CodeError> = $check;
				check(text)?;
				let too_long = $crate::CodeError::TooLong {
					given: $crate::error::count(text.len()),
					max: $max,
				};
				let mut bytes = [0; $max];
				let length = u8::try_from(text.len()).map_err(|_| too_long)?;
				bytes.get_mut(..text.len()).ok_or(too_long)?.copy_from_slice(text);
				Ok(Self { length, bytes })
			}

			/// Its characters, all ASCII.
			pub fn as_bytes(&self) -> &[u8] {
				self.bytes.get(..usize::from(self.length)).unwrap_or_default()
			}

			/// Its characters.
			pub fn as_str(&self) -> &str {
				core::str::from_utf8(self.as_bytes()).unwrap_or_default()
			}
		}

		impl PartialOrd for $name {
			fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
				Some(self.cmp(other))
			}
		}

		impl Ord for $name {
			fn cmp(&self, other: &Self) -> core::cmp::Ordering {
				self.as_bytes().cmp(other.as_bytes())
			}
		}

		impl AsRef<[u8]> for $name {
			fn as_ref(&self) -> &[u8] {
				self.as_bytes()
			}
		}

		impl core::fmt::Display for $name {
			fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
				f.pad(self.as_str())
			}
		}

		impl core::fmt::Debug for $name {
			fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
				write!(f, "{}({})", stringify!($name), self.as_str())
			}
		}

		impl core::str::FromStr for $name {
			type Err = $crate::CodeError;

			fn from_str(text: &str) -> Result<Self, Self::Err> {
				Self::parse(text.as_bytes())
			}
		}

		impl codec::Encode for $name {
			fn size_hint(&self) -> usize {
				self.as_bytes().size_hint()
			}

			fn encode_to<O: codec::Output + ?Sized>(&self, dest: &mut O) {
				self.as_bytes().encode_to(dest)
			}
		}

		impl codec::EncodeLike for $name {}

		impl codec::Decode for $name {
			fn decode<I: codec::Input>(input: &mut I) -> Result<Self, codec::Error> {
				let length = usize::try_from(codec::Compact::<u32>::decode(input)?.0)
					.map_err(|_| concat!($what, " too long"))?;
				let mut bytes = [0; $max];
				let text = bytes.get_mut(..length).ok_or(concat!($what, " too long"))?;
				input.read(text)?;
				Self::parse(text).map_err(|_| concat!("not a ", $what).into())
			}
		}

		impl codec::DecodeWithMemTracking for $name {}

		impl codec::MaxEncodedLen for $name {
			fn max_encoded_len() -> usize {
				// A length below 64 is one byte.
				const { assert!($max < 64) };
				1 + $max
			}
		}

		impl scale_info::TypeInfo for $name {
			type Identity = Self;

			fn type_info() -> scale_info::Type {
				scale_info::Type::builder()
					.path(scale_info::Path::new(stringify!($name), module_path!()))
					.composite(
						scale_info::build::Fields::unnamed()
							.field(|field| field.ty::<alloc::vec::Vec<u8>>().type_name("Vec<u8>")),
					)
			}
		}

		$crate::macros::serde_as_text!($name);
	};
}

pub(crate) use {serde_as_text, text_code};
