//! What a name may be, what a content is, what carriers take.

use casewire_core::documents::{
    FileNameError, NotSendable, check_attachments, content_type, file_name, is_kept, is_safe_picture, name_key,
};

#[test]
fn a_name_is_of_one_file_and_deceives_nobody() {
    assert_eq!(
        file_name("  Retainer agreement v2.pdf "),
        Ok("Retainer agreement v2.pdf".to_owned())
    );
    assert_eq!(file_name("Lettre e\u{301}crite.pdf"), Ok("Lettre \u{e9}crite.pdf".to_owned()));
    assert_eq!(file_name("証拠.png"), Ok("証拠.png".to_owned()));
    let table = [
        ("", FileNameError::Empty),
        ("   ", FileNameError::Empty),
        ("../../etc/passwd", FileNameError::Path),
        ("a/b.pdf", FileNameError::Path),
        ("C:\\Windows\\x.pdf", FileNameError::Path),
        ("..", FileNameError::Path),
        ("invoice\u{202e}fdp.exe", FileNameError::Unseen),
        ("a\u{200b}b.pdf", FileNameError::Unseen),
        ("two\nlines.pdf", FileNameError::Unseen),
        ("nul\0.pdf", FileNameError::Unseen),
        ("tag\u{e0041}.pdf", FileNameError::Unseen),
    ];
    for (name, error) in table {
        assert_eq!(file_name(name), Err(error), "{name:?}");
    }
    assert_eq!(file_name(&"x".repeat(201)), Err(FileNameError::TooLong));
    assert_eq!(name_key("Retainer.PDF"), name_key("retainer.pdf"));
}

#[test]
fn a_content_is_what_its_first_bytes_say() {
    let table: [(&[u8], &str); 24] = [
        (b"\xff\xd8\xff\xe0JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"GIF89a....", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"\0\0\0\x18ftypisom", "video/mp4"),
        (b"\0\0\0\x18ftyp3gp4", "video/3gpp"),
        (b"%PDF-1.7", "application/pdf"),
        (
            b"PK\x03\x04....word/document.xml",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (b"PK\x03\x04....a.txt", "application/zip"),
        (b"#!AMR\n", "audio/amr"),
        (b"#!/bin/sh\nrm -rf /", "application/x-executable"),
        (b"MZ\x90\0", "application/x-executable"),
        (b"\x7fELF\x02", "application/x-executable"),
        (b"BEGIN:VCARD\nVERSION:3.0", "text/vcard"),
        (b"<!DOCTYPE html><p>", "text/html"),
        (b"  \n<ScRiPt>alert(1)</script>", "text/html"),
        (b"<?xml version='1.0'?><svg onload='x'>", "image/svg+xml"),
        (b"<?xml version='1.0'?><a/>", "application/xml"),
        ("Grüße".as_bytes(), "text/plain"),
        (b"cut in two: \xc3", "text/plain"),
        (b"\x00\x01\x02", "application/octet-stream"),
        (b"latin\xe9 one", "application/octet-stream"),
    ];
    for (first, expected) in table {
        assert_eq!(content_type(first), expected, "{first:?}");
    }
    assert!(!is_kept("application/x-executable") && is_kept("text/html"));
    for (kind, shown) in [
        ("image/jpeg", true),
        ("image/svg+xml", false),
        ("text/html", false),
        ("application/pdf", false),
        ("image/tiff", false),
    ] {
        assert_eq!(is_safe_picture(kind), shown, "{kind}");
    }
}

#[test]
fn carriers_take_so_many_so_large_of_such_a_kind() {
    assert_eq!(check_attachments(&[]), Ok(()));
    assert_eq!(check_attachments(&[("image/jpeg", 2_500_000), ("image/png", 2_500_000)]), Ok(()));
    assert_eq!(
        check_attachments(&[("image/jpeg", 2_500_000), ("image/png", 2_500_001)]),
        Err((1, NotSendable::TooLargeTogether))
    );
    assert_eq!(check_attachments(&[("application/pdf", 500_000)]), Ok(()));
    assert_eq!(
        check_attachments(&[("image/jpeg", 1), ("application/pdf", 500_001)]),
        Err((1, NotSendable::TooLarge))
    );
    for kind in ["text/html", "image/svg+xml", "application/zip", "application/octet-stream"] {
        assert_eq!(check_attachments(&[(kind, 1)]), Err((0, NotSendable::Type)), "{kind}");
    }
    assert_eq!(check_attachments(&[("image/jpeg", 1); 10]), Ok(()));
    assert_eq!(check_attachments(&[("image/jpeg", 1); 11]), Err((10, NotSendable::TooMany)));
}
