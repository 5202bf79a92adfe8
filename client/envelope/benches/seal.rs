// SPDX-License-Identifier: Apache-2.0
//! Throughput of sealing and opening a large object on one core, with hash and body commitment.

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use salus_envelope::{ContentKey, Opener, RecordMetadata, Sealer, Suite};
use std::io;

const BODY: usize = 64 << 20;

fn large_objects(c: &mut Criterion) {
	let mut group = c.benchmark_group("64 MiB");
	group
		.throughput(Throughput::Bytes(BODY as u64))
		.sampling_mode(SamplingMode::Flat)
		.sample_size(10);
	let key = ContentKey::generate();
	let metadata = RecordMetadata::binary("application/dicom").to_metadata().unwrap();
	let body = vec![0x5a; BODY];

	for suite in [Suite::ChaCha20Poly1305, Suite::Aes256Gcm] {
		let sealer = Sealer::new(&key, &metadata).suite(suite);
		group.bench_function(format!("seal {suite:?}"), |b| {
			b.iter(|| sealer.seal(body.as_slice(), BODY as u64, io::sink()).unwrap());
		});

		let (object, _) = sealer.seal_to_vec(&body).unwrap();
		group.bench_function(format!("open {suite:?}"), |b| {
			b.iter(|| Opener::new(&key).open(object.as_slice(), io::sink()).unwrap());
		});
	}
	group.finish();
}

criterion_group!(benches, large_objects);
criterion_main!(benches);
