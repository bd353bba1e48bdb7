"""The independent implementation beside `src/detect/sound/lfcc.rs`: the same sixty numbers by NumPy and SciPy.

    pip install numpy scipy
    python benches/peers/lfcc_peer.py

In: a signal of two seconds that the Rust test makes by the same formula. Out: the numbers that the test expects, as committed there from
NumPy 2.4 and SciPy 1.17. Written from the published MATLAB code of the ASVspoof baseline (filter, buffer, hamming, trimf, dct, deltas), with the
three differences that the module names.
"""

import numpy
from scipy import fft, signal

RATE, FRAME, HOP, POINTS, FILTERS, HIGHEST, FLOOR = 16_000, 400, 160, 512, 20, 7_000.0, 1e-4


def voice():
    time = numpy.arange(2 * RATE) / RATE
    state, noise = 1, []
    for _ in time:
        state = (1_103_515_245 * state + 12_345) % 2**31
        noise.append(state / 2**30 - 1)
    loud = numpy.maximum(numpy.sin(2 * numpy.pi * 0.8 * time), 0) ** 3
    tones = 0.4 * numpy.sin(2 * numpy.pi * (200 * time + 300 * time**2)) + 0.2 * numpy.sin(2 * numpy.pi * 1800 * time)
    return ((tones + 0.05 * numpy.array(noise)) * loud).astype(numpy.float32).astype(float)


def statistics(samples):
    frames = lambda of: numpy.lib.stride_tricks.sliding_window_view(of, FRAME)[::HOP]
    level = (frames(samples) ** 2).mean(1)
    voiced = 10 * numpy.log10(level + 1e-300) > max(10 * numpy.log10(level.max()) - 30, -80)
    emphasised = frames(signal.lfilter([1, -0.97], 1, samples))
    power = abs(numpy.fft.rfft(emphasised * signal.windows.hamming(FRAME), POINTS)) ** 2
    bins, edges = numpy.linspace(0, RATE / 2, POINTS // 2 + 1), numpy.linspace(0, HIGHEST, FILTERS + 2)
    bank = numpy.stack([numpy.interp(bins, edges[at:at + 3], [0, 1, 0], 0, 0) for at in range(FILTERS)])
    cepstra = fft.dct(numpy.log10(power @ bank.T / level[voiced].mean() + FLOOR), type=2, norm="ortho")
    around = numpy.pad(cepstra, ((1, 1), (0, 0)), mode="edge")
    change = around[2:] - around[:-2]
    print(f"{voiced.sum()} of {len(voiced)} frames are voice")
    return numpy.concatenate([cepstra[voiced].mean(0), cepstra[voiced].std(0), change[voiced].std(0)])


if __name__ == "__main__":
    for row in statistics(voice()).reshape(-1, 10):
        print(", ".join(f"{value:.5f}" for value in row) + ",")
