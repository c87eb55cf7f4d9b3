import Grammar

// The errors of the commands on lists, and of sorting.

extension CommandError {
    static let indexOutOfRange = CommandError("ERR index out of range")
    static let rankZero = CommandError(
        "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... "
            + "or use negative to start from the end of the list")
    static let rankOutOfRange = CommandError(
        "ERR value is out of range, value must between -9223372036854775807 and "
            + "9223372036854775807")
    static let negativeCount = CommandError("ERR COUNT can't be negative")
    static let negativeMaximum = CommandError("ERR MAXLEN can't be negative")
    static let countNotPositive = CommandError("ERR count should be greater than 0")
    static let notWeights = CommandError(
        "ERR One or more scores can't be converted into double")
}
