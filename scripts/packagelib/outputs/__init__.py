"""What is derived from the package, one module an output.

Each module has `build(package, contents)`, which returns path (from the package's folder) to bytes.
"""

from . import codebook, documents, rulebook

OUTPUTS = {"codebook": codebook, "rules": rulebook, "documents": documents}
