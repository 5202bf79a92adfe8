// SPDX-License-Identifier: Apache-2.0
//! A million inputs, some random, most of them near to real codes: nothing panics, and what is read
//! is written and read again as the same. The fuzz target in `fuzz/` does it without end.

mod support;

const INPUTS: u32 = 1_000_000;

/// Pieces that real codes are made of, so that chance gets past the first check.
const PIECES: &[&[u8]] = &[
	b"0109506000134352",
	b"0100300010123455",
	b"00106141412345678908",
	b"17250300",
	b"11250101",
	b"10A123",
	b"21SER(1)",
	b"422276",
	b"70032501011200",
	b"37",
	b"25",
	b"\x1d",
	b"]d2",
	b"]C1",
	b"(01)09506000134352",
	b"(10)",
	b"(21)",
	b"\\(",
	b"https://id.gs1.org",
	b"http://x/y",
	b"/01/9780345418913",
	b"/10/",
	b"/21/",
	b"?17=250101",
	b"&",
	b"%2F",
	b"urn:epc:id:sgtin:",
	b"urn:epc:id:sscc:",
	b"urn:epc:id:sgln:",
	b"030001.",
	b"0012345.",
	b"41234567890",
	b"111111.0",
	b"+A123BJC5D6E71G",
	b"+A99912345/$$52001510X3/16D20111212/S77DE1G45-",
	b"=/A9999XYZ100T0944",
	b"=,000025",
	b"=>014032",
	b"0001-0123-45",
	b"2025-03-27",
	b"12345670",
	b"0300011111116",
];

/// xorshift64*: the same inputs on every machine.
struct Chance(u64);

impl Chance {
	fn next(&mut self, below: usize) -> usize {
		self.0 ^= self.0 >> 12;
		self.0 ^= self.0 << 25;
		self.0 ^= self.0 >> 27;
		(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % below
	}

	/// Up to four pieces one behind the other, then up to two bytes changed, put in or taken out.
	fn input(&mut self, buffer: &mut Vec<u8>) {
		buffer.clear();
		if self.next(8) == 0 {
			(0..self.next(48)).for_each(|_| buffer.push(self.next(256) as u8));
			return;
		}
		for _ in 0..=self.next(4) {
			buffer.extend_from_slice(PIECES[self.next(PIECES.len())]);
		}
		for _ in 0..self.next(3) {
			let at = self.next(buffer.len().max(1));
			match self.next(3) {
				0 if at < buffer.len() => buffer[at] = self.next(128) as u8,
				1 if at < buffer.len() => drop(buffer.remove(at)),
				_ => buffer.insert(at.min(buffer.len()), self.next(128) as u8),
			}
		}
	}
}

#[test]
fn a_million_inputs_are_read_or_refused() {
	let mut chance = Chance(0x5a1u64);
	let mut buffer = Vec::new();
	let mut read = 0u32;
	for _ in 0..INPUTS {
		chance.input(&mut buffer);
		read += u32::from(support::exercise(&buffer));
	}
	// Were nearly all refused at once, this would have tried nothing.
	assert!(read > INPUTS / 20, "only {read} of {INPUTS} inputs were read at all");
	assert!(read < INPUTS / 2, "{read} of {INPUTS} inputs were read: the pieces are too tame");
}
