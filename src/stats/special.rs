//! Distribution functions and their inverses: normal, Student's t, beta.
//!
//! Written on top of `libm` alone, because the platform's own logarithms differ in the last bit and a finding must not: `statrs`, which
//! computes the same functions with the platform's, is the independent check in the tests.

/// Distribution function of the standard normal.
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x / std::f64::consts::SQRT_2)
}

/// Quantile of the standard normal; `p` in (0, 1), infinite at the ends.
pub fn normal_quantile(p: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    if p > 0.5 {
        return -normal_quantile(1.0 - p);
    }
    // The lower tail keeps its relative precision, so only it is searched.
    bisect(-40.0, 0.0, |x| normal_cdf(x) < p)
}

/// Regularised incomplete beta function I_x(a, b), by the continued fraction of Lentz (Numerical Recipes, section 6.4).
pub fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = libm::exp(libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * libm::log(x) + b * libm::log1p(-x));
    if x < (a + 1.0) / (a + b + 2.0) { front * beta_fraction(x, a, b) / a } else { 1.0 - front * beta_fraction(1.0 - x, b, a) / b }
}

fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let guard = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for step in 1..100_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        let factor = d * c;
        h *= factor;
        if (factor - 1.0).abs() < 1e-15 {
            break;
        }
    }
    h
}

/// Quantile of the beta distribution; 0 where `a` is 0, 1 where `b` is 0 (the limits that Clopper and Pearson need).
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    if a <= 0.0 || p <= 0.0 {
        return 0.0;
    }
    if b <= 0.0 || p >= 1.0 {
        return 1.0;
    }
    bisect(0.0, 1.0, |x| beta_cdf(x, a, b) < p)
}

/// P(T > |t|) for Student's t, one tail; `df` infinite gives the normal.
pub fn t_tail(t: f64, df: f64) -> f64 {
    let t = t.abs();
    if t.is_infinite() {
        return 0.0;
    }
    if df.is_infinite() {
        return normal_cdf(-t);
    }
    0.5 * beta_cdf(df / (df + t * t), 0.5 * df, 0.5)
}

/// Two-sided p-value of a t statistic.
pub fn t_two_sided(t: f64, df: f64) -> f64 {
    2.0 * t_tail(t, df)
}

/// The value that |T| exceeds with probability `alpha` (two-sided critical value); `alpha` in (0, 1].
pub fn t_critical(alpha: f64, df: f64) -> f64 {
    if df.is_infinite() {
        return -normal_quantile(0.5 * alpha);
    }
    if alpha >= 1.0 {
        return 0.0;
    }
    // T² / (df + T²) is beta distributed; the search runs on the tail itself, on a logarithmic scale for small df.
    let mut high = 2.0;
    while t_two_sided(high, df) > alpha && high < 1e300 {
        high *= 2.0;
    }
    bisect(0.0, high, |t| t_two_sided(t, df) > alpha)
}

/// The point of [low, high] at which `below` turns false, to the last bit or after 200 halvings.
pub(crate) fn bisect(mut low: f64, mut high: f64, below: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Derivative of the logarithm of the gamma function, for x > 0: the recurrence up to 7, then the asymptotic series about x - 1/2.
pub fn digamma(x: f64) -> f64 {
    let mut sum = 0.0;
    let mut at = x;
    while at < 7.0 {
        sum -= 1.0 / at;
        at += 1.0;
    }
    at -= 0.5;
    let inverse = 1.0 / (at * at);
    let series = inverse * (1.0 / 24.0 - inverse * (7.0 / 960.0 - inverse * (31.0 / 8064.0 - inverse * 127.0 / 30720.0)));
    sum + libm::log(at) + series
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::function::beta::beta_reg;

    #[test]
    fn digamma_agrees_with_statrs() {
        for x in [0.01, 0.3, 1.0, 2.5, 6.999, 7.0, 40.0, 1e5] {
            let reference = statrs::function::gamma::digamma(x);
            assert!((digamma(x) - reference).abs() < 1e-9 * reference.abs().max(1.0), "{x}");
        }
    }

    #[test]
    fn the_incomplete_beta_function_agrees_with_statrs() {
        for a in [0.3, 0.5, 1.0, 2.5, 20.0, 400.0] {
            for b in [0.5, 1.0, 3.0, 55.5] {
                for x in [0.001, 0.05, 0.3, 0.5, 0.9, 0.999] {
                    let (ours, theirs) = (beta_cdf(x, a, b), beta_reg(a, b, x));
                    assert!((ours - theirs).abs() < 1e-12, "{a} {b} {x}: {ours} {theirs}");
                }
            }
        }
    }

    #[test]
    fn quantiles_are_those_of_the_printed_tables() {
        assert!((normal_quantile(0.975) - 1.959963984540054).abs() < 1e-12);
        assert!((normal_quantile(0.025) + 1.959963984540054).abs() < 1e-12);
        assert!((t_critical(0.05, 5.0) - 2.5705818356363146).abs() < 1e-10);
        assert!((t_critical(0.05, 1.0) - 12.706204736432095).abs() < 1e-9);
        assert!((t_critical(0.10, 19.0) - 1.729132811521367).abs() < 1e-10);
        assert!((t_two_sided(2.5, 9.0) - 0.0338613).abs() < 1e-6);
        assert!((t_critical(0.05, f64::INFINITY) - 1.959963984540054).abs() < 1e-12);
        assert!((beta_quantile(0.975, 3.0, 5.0) - 0.7095793).abs() < 1e-6);
    }

    #[test]
    fn the_ends_of_the_range_are_reached_without_a_nan() {
        assert_eq!(beta_cdf(0.0, 1.0, 1.0), 0.0);
        assert_eq!(beta_cdf(1.0, 1.0, 1.0), 1.0);
        assert_eq!(beta_quantile(0.5, 0.0, 3.0), 0.0);
        assert_eq!(beta_quantile(0.5, 3.0, 0.0), 1.0);
        assert_eq!(t_two_sided(f64::INFINITY, 4.0), 0.0);
        assert_eq!(t_two_sided(0.0, 4.0), 1.0);
        assert_eq!(t_critical(1.0, 4.0), 0.0);
        assert!(t_critical(1e-12, 2.0).is_finite());
    }
}
