public import AccessControl

public typealias Progress = AccessControl.Progress
