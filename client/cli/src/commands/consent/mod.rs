// SPDX-License-Identifier: Apache-2.0

//! `salus consent`: who may read what.

mod approve;
mod calendar;
mod compartments;
mod custody;
mod delegate;
pub(crate) mod emergency;
mod evidence;
mod explain;
mod fhir;
mod grant;
mod list;
mod narrow;
mod policy;
pub(crate) mod requests;
mod revoke;
mod rules;
mod terms;
pub(crate) mod words;
mod wrapping;

use crate::{context::Context, values::Party};
use clap::Subcommand;
use salus_primitives::CompartmentNo;

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// What holds when no grant speaks.
	#[command(subcommand)]
	Policy(policy::Policy),
	/// Open a compartment, so that others can file records of yours in it.
	OpenCompartment {
		/// Its number. What it means stays with you.
		number: CompartmentNo,
		/// Only grants that name it, or a record in it, reach it.
		#[arg(long)]
		restricted: bool,
	},
	/// Give a compartment new keys: whoever is not sealed the new one reads nothing filed from now on.
	RotateCompartment {
		/// Its number.
		number: CompartmentNo,
	},
	/// Seal the keys of your compartments to grantees who lack them: after a new compartment, a
	/// rotation that was interrupted, or a new key of theirs.
	AddWraps {
		/// One compartment; all of them without a number.
		number: Option<CompartmentNo>,
	},
	/// Let somebody read, or keep somebody out.
	Grant(Box<grant::Grant>),
	/// Make a grant of yours say less. What is not named stays.
	Narrow(Box<narrow::Narrow>),
	/// Take a grant back. It acts from the next block on.
	Revoke(revoke::Revoke),
	/// Take all grants to somebody back.
	RevokeAll(revoke::RevokeAll),
	/// Pass a part of a grant on, as its grantee.
	SubGrant(Box<delegate::SubGrant>),
	/// Ask a patient for a grant.
	Request(Box<requests::Ask>),
	/// The requests to a patient that wait for an answer; your own without a name.
	Requests {
		/// Whose.
		patient: Option<Party>,
	},
	/// Grant what was asked for, or less.
	Approve(Box<approve::Approve>),
	/// Answer a request with no.
	Decline {
		/// The number of the request.
		request: u64,
	},
	/// Take a request of yours back.
	Cancel {
		/// The number of the request.
		request: u64,
	},
	/// Open a patient's records in an emergency. The patient sees it at once, and it is reviewed.
	BreakGlass(emergency::BreakGlass),
	/// Close an emergency before its time.
	CloseEmergency {
		/// The number of the emergency.
		emergency: u64,
	},
	/// Say whether there was need, as a privacy officer or as governance.
	Review(emergency::Review),
	/// Have governance look at an emergency about you.
	Contest {
		/// The number of the emergency.
		emergency: u64,
	},
	/// The emergencies of a patient or of an organisation's people; your own without a name.
	Emergencies(emergency::Emergencies),
	/// Who holds the key of a compartment for emergencies.
	#[command(subcommand)]
	EmergencyKey(custody::KeyCommand),
	/// Offer to hold emergency keys, or cease to, as an organisation that keeps no key shares.
	EmergencyHolder {
		/// Whether you hold any.
		#[arg(value_parser = ["on", "off"])]
		state: String,
	},
	/// Where the key shares of the records that you keep lie.
	#[command(subcommand)]
	Custodians(custody::Custodians),
	/// The rules of emergencies; governance sets them.
	#[command(subcommand)]
	BtgPolicy(rules::Rules),
	/// Take the emergency role from somebody, by a proposal to the council.
	Suspend {
		/// From whom.
		claimant: Party,
	},
	/// Give the emergency role back without strikes, by a proposal to the council.
	Reinstate {
		/// To whom.
		claimant: Party,
	},
	/// Clear away what is over; what was paid goes back.
	Reap(list::Reap),
	/// The grants of a patient; your own without a name.
	List(list::List),
	/// All about one grant.
	Show {
		/// The number of the grant.
		grant: u64,
	},
	/// What the chain would answer, and why.
	Explain(explain::Explain),
	/// Show what a salted hash of yours on chain stands for, or check what somebody shows you.
	Evidence(evidence::Show),
	/// Write grants as FHIR Consent resources.
	Export(fhir::Export),
	/// Make grants of a FHIR Consent resource. What cannot be expressed is refused.
	Import(fhir::Import),
}

pub(crate) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
	match command {
		Command::Policy(command) => policy::run(context, command).await,
		Command::OpenCompartment { number, restricted } => {
			compartments::open(context, number, restricted).await
		},
		Command::RotateCompartment { number } => compartments::rotate(context, number).await,
		Command::AddWraps { number } => compartments::add_wraps(context, number).await,
		Command::Grant(args) => grant::grant(context, *args).await,
		Command::Narrow(args) => narrow::narrow(context, *args).await,
		Command::Revoke(args) => revoke::revoke(context, args).await,
		Command::RevokeAll(args) => revoke::revoke_all(context, args).await,
		Command::SubGrant(args) => delegate::sub_grant(context, *args).await,
		Command::Request(args) => requests::ask(context, *args).await,
		Command::Requests { patient } => requests::list(context, patient).await,
		Command::Approve(args) => approve::approve(context, *args).await,
		Command::Decline { request } => requests::decline(context, request).await,
		Command::Cancel { request } => requests::cancel(context, request).await,
		Command::BreakGlass(args) => emergency::break_glass(context, args).await,
		Command::CloseEmergency { emergency } => emergency::close(context, emergency).await,
		Command::Review(args) => emergency::review(context, args).await,
		Command::Contest { emergency } => emergency::contest(context, emergency).await,
		Command::Emergencies(args) => emergency::list(context, args).await,
		Command::EmergencyKey(command) => custody::key(context, command).await,
		Command::EmergencyHolder { state } => custody::holder(context, state == "on").await,
		Command::Custodians(command) => custody::custodians(context, command).await,
		Command::BtgPolicy(command) => rules::run(context, command).await,
		Command::Suspend { claimant } => rules::suspend(context, claimant).await,
		Command::Reinstate { claimant } => rules::reinstate(context, claimant).await,
		Command::Reap(args) => list::reap(context, args).await,
		Command::List(args) => list::list(context, args).await,
		Command::Show { grant } => list::show(context, grant).await,
		Command::Explain(args) => explain::explain(context, args).await,
		Command::Evidence(args) => evidence::show(context, args),
		Command::Export(args) => fhir::export(context, args).await,
		Command::Import(args) => fhir::import(context, args).await,
	}
}
