def SessionLimits(get):
    return get
