//! Facts about the decoder as a whole, on random weights and on a real small model.
