"""What is derived from the package, one module an output.

Each module has `build(package, contents)`, which returns path (from the package's folder) to bytes.
"""

from . import citation, codebook, method, readme, rulebook

OUTPUTS = {"codebook": codebook, "rules": rulebook, "method": method, "readme": readme, "citation": citation}
