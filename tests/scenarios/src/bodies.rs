// SPDX-License-Identifier: Apache-2.0

//! The two bodies that govern, and how they carry a call.

use crate::{Chain, Outcome, Refused};
use codec::Encode;
use frame_support::dispatch::GetDispatchInfo as _;
use pallet_collective::{Event, Instance1, Instance2};
use salus_runtime::{Hash, Runtime, RuntimeCall, RuntimeEvent};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
	DispatchError, DispatchResult,
	traits::{BlakeTwo256, Hash as _},
};

/// A body that governs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Body {
	/// The council.
	Council,
	/// The technical committee.
	Committee,
}

impl Body {
	/// A member's motion that `threshold` members carry. With 1 it is carried out at once.
	pub fn propose(self, threshold: u32, call: RuntimeCall) -> RuntimeCall {
		let length_bound = call.encoded_size() as u32;
		let proposal = Box::new(call);
		match self {
			Self::Council => pallet_collective::Call::<Runtime, Instance1>::propose {
				threshold,
				proposal,
				length_bound,
			}
			.into(),
			Self::Committee => pallet_collective::Call::<Runtime, Instance2>::propose {
				threshold,
				proposal,
				length_bound,
			}
			.into(),
		}
	}

	fn approve(self, proposal: Hash, index: u32) -> RuntimeCall {
		let approve = true;
		match self {
			Self::Council => {
				pallet_collective::Call::<Runtime, Instance1>::vote { proposal, index, approve }
					.into()
			},
			Self::Committee => {
				pallet_collective::Call::<Runtime, Instance2>::vote { proposal, index, approve }
					.into()
			},
		}
	}

	fn close(self, index: u32, call: &RuntimeCall) -> RuntimeCall {
		let proposal_hash = BlakeTwo256::hash_of(call);
		let proposal_weight_bound = call.get_dispatch_info().call_weight;
		let length_bound = call.encoded_size() as u32;
		match self {
			Self::Council => pallet_collective::Call::<Runtime, Instance1>::close {
				proposal_hash,
				index,
				proposal_weight_bound,
				length_bound,
			}
			.into(),
			Self::Committee => pallet_collective::Call::<Runtime, Instance2>::close {
				proposal_hash,
				index,
				proposal_weight_bound,
				length_bound,
			}
			.into(),
		}
	}

	/// How the call went that the body carried out, when it carried one out.
	pub fn result(self, events: &[RuntimeEvent]) -> Option<DispatchResult> {
		events.iter().find_map(|event| match (self, event) {
			(Self::Council, RuntimeEvent::Council(Event::Executed { result, .. }))
			| (Self::Committee, RuntimeEvent::TechnicalCommittee(Event::Executed { result, .. })) => {
				Some(*result)
			},
			_ => None,
		})
	}

	fn next_index(self) -> u32 {
		match self {
			Self::Council => pallet_collective::ProposalCount::<Runtime, Instance1>::get(),
			Self::Committee => pallet_collective::ProposalCount::<Runtime, Instance2>::get(),
		}
	}
}

impl Chain {
	/// Has `members` of a body propose, approve and close a motion, and answers how the call went.
	pub fn resolve(
		&mut self,
		body: Body,
		members: &[Sr25519Keyring],
		call: impl Into<RuntimeCall>,
	) -> Result<Vec<RuntimeEvent>, DispatchError> {
		let call = call.into();
		let first = *members.first().expect("somebody proposes");
		let index = self.look(|| body.next_index());
		let proposed = self.send(first, body.propose(members.len() as u32, call.clone()));
		let closed = if members.len() == 1 {
			proposed
		} else {
			proposed.expect("a member proposes");
			for member in members {
				let approve = body.approve(BlakeTwo256::hash_of(&call), index);
				self.send(*member, approve).expect("a member votes");
			}
			self.send(first, body.close(index, &call))
		};
		settled(body, closed)
	}
}

fn settled(body: Body, closed: Outcome) -> Result<Vec<RuntimeEvent>, DispatchError> {
	match closed {
		Ok(events) => {
			body.result(&events).expect("a carried motion is carried out").map(|()| events)
		},
		Err(Refused::Failed(error)) => Err(error),
		Err(Refused::Invalid(why)) => panic!("the motion is not even taken: {why:?}"),
	}
}
