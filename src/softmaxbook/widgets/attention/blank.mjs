// What becomes of a row that may look at nothing: as a setting, and as what the word gets.

export const BLANKS = { zeros: "0", nan: "NaN", finite: "−10⁹: even" };

export const GETS = { zeros: "0", nan: "NaN", finite: "the mean of all values, the hidden ones too" };
