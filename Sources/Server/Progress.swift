public import AccessControl

/// Set by commands that show on a terminal how far long work is.
public typealias Progress = AccessControl.Progress
