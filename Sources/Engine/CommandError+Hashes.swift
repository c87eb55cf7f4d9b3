import Grammar

// What only the commands of hashes refuse.

extension CommandError {
    /// HINCRBY of a field that holds no whole number.
    static let fieldNotInteger = CommandError("ERR hash value is not an integer")
    /// HINCRBYFLOAT of a field that holds no number.
    static let fieldNotFloat = CommandError("ERR hash value is not a float")
    /// HINCRBYFLOAT by infinity.
    static let infiniteIncrement = CommandError("ERR value is NaN or Infinity")
    /// A count of random elements whose opposite does not exist.
    static let countOutOfRange = CommandError(
        "ERR value is out of range, value must between -9223372036854775807 and "
            + "9223372036854775807")
}
