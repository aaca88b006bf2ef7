"""Materials (材料): files that citizens give, encrypted, kept outside of messages and of the services' tables.

A file is a content of up to 20 MB under an id. Whoever knows its key reads it; the store itself knows no key.
"""
from shared_components.material_store.folder import FolderStore, store_of
from shared_components.material_store.media_types import CSV, MEDIA_TYPES, media_type_of, text_type_of
from shared_components.material_store.pieces import KEY_BYTES, PIECE_BYTES, Sealer, opened
from shared_components.material_store.ports import MaterialExists, MaterialMissing, MaterialStore, MaterialWriter

__all__ = [
    "CSV", "KEY_BYTES", "MEDIA_TYPES", "PIECE_BYTES", "FolderStore", "MaterialExists", "MaterialMissing",
    "MaterialStore", "MaterialWriter", "Sealer", "media_type_of", "opened", "store_of", "text_type_of",
]
