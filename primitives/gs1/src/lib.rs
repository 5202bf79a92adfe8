// SPDX-License-Identifier: Apache-2.0
#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod ai;
mod charset;
mod date;
mod digital_link;
mod digital_link_error;
mod digits;
mod element;
mod element_string;
mod element_string_error;
mod epc;
mod error;
mod hibc;
mod iccbba;
mod keys;
mod macros;
mod ndc;
mod percent;
mod scan;
mod symbology;
mod texts;
mod udi;

pub use ai::{Ai, Format};
pub use charset::is_in_set_82;
pub use date::{Date, DateFault, ShortDate, ShortTime};
pub use digital_link::{CANONICAL_RESOLVER, DigitalLink};
pub use digital_link_error::DigitalLinkError;
pub use element::{Element, Value};
pub use element_string::{ElementString, GROUP_SEPARATOR};
pub use element_string_error::ElementStringError;
pub use epc::{EpcError, EpcKey, EpcUri};
pub use error::CodeError;
pub use hibc::{HibcDi, HibcError, HibcLabel, hibc_check_character};
pub use iccbba::{DonationId, IccbbaDi, IccbbaError, IccbbaLabel};
pub use keys::{CompanyPrefix, GivenGtin, Gln, Gtin, GtinForm, Sscc};
pub use ndc::{Ndc, NdcError, NdcLayout};
pub use scan::{Scan, ScanError};
pub use symbology::Symbology;
pub use texts::{GlnExtension, Likeness, LotNo, Serial, Version};
pub use udi::{Udi, UdiDi, UdiError, UdiPi};
