"""Who is in the demo and what they say: data only. Names are invented; phones are of the ranges kept for fiction.

(ARCEP reserves 02 61 91 xx xx and 06 39 98 xx xx for works of fiction; `.example` is reserved by RFC 2606.)
"""

TEAM = ("Marée haute", "maree-haute")

# e-mail before @demo.example, name
MANAGERS = {
    "on-target": "Camille Lefèvre",
    "under": "Noé Tardif",
    "online": "Léa Morin",
    "new": "Tom Bellanger",
}
LEAD = ("lead", "Inès Duval")
ADMIN = ("admin", "Ada Petit")

# kind: name, town, postcode
GROUPS = {
    "band": """
        Brume salée, Caen, 14000
        Les Falaises, Le Havre, 76600
        Nuit de craie, Rouen, 76000
        Pavillon bleu, Cherbourg-en-Cotentin, 50100
        Kaolin noir, Alençon, 61000
        Sœurs Vasseur, Bayeux, 14400
        Grand Large, Granville, 50400
        Orme, Évreux, 27000
        Ultramarée, Dieppe, 76200
        Petit Caux, Fécamp, 76400
        Les Yeux clairs, Lisieux, 14100
        Tôle, Sotteville-lès-Rouen, 76300
        Marguerite & les Vaches, Vire Normandie, 14500
        Signal faible, Hérouville-Saint-Clair, 14200
        Dernier bac, Duclair, 76480
        Cidre brut, Cambremer, 14340
        Phare Ouest, Barfleur, 50760
        Onde de choc, Elbeuf, 76500
        Lin, Yvetot, 76190
        Haute-Tension, Flamanville, 50340
        Vert bocage, Flers, 61100
        Écluse 9, Ouistreham, 14150
    """,
    "association": """
        La Cale, Caen, 14000
        Le Tympan, Rouen, 76000
        Bruits de fond, Le Havre, 76600
        Collectif Houle, Cherbourg-en-Cotentin, 50100
        Les Ateliers du Robec, Rouen, 76000
        Pied de biche, Saint-Lô, 50000
        Radio dans la cour, Mondeville, 14120
        Fanfare de la Touques, Deauville, 14800
        Sono mobile, Alençon, 61000
        Amis du kiosque, Bayeux, 14400
        Plein chant, Argentan, 61200
        Récup’ & décibels, Évreux, 27000
        Chorale des dockers, Le Havre, 76600
        Jeunes pousses de Bretteville, Bretteville-sur-Odon, 14760
    """,
    "webzine": """
        Sillon gauche, Caen, 14000
        Papier bruit, Rouen, 76000
        L’Estran, Le Havre, 76600
        Disques & galets, Étretat, 76790
        Kilomètre zéro, Alençon, 61000
        Ça sature, Caen, 14000
        Rotative, Évreux, 27000
    """,
    "venue": """
        Le Sémaphore, Caen, 14000
        La Citerne, Le Havre, 76600
        Le 88, Rouen, 76000
        Café du bassin, Cherbourg-en-Cotentin, 50100
        L’Écurie, Alençon, 61000
        Le Chai des docks, Rouen, 76000
        La Grange aux loups, Vire Normandie, 14500
        Bar de la Marine, Granville, 50400
        La Halle au poisson, Dieppe, 76200
        Le Préau, Lisieux, 14100
        Le Vent se lève, Hérouville-Saint-Clair, 14200
        Disquaire Face C, Caen, 14000
    """,
    "festival": """
        Nuits du bocage, Flers, 61100
        Marées sonores, Granville, 50400
        Guitares au verger, Coutances, 50200
        Festival de la presqu’île, Caen, 14000
        Jazz au lavoir, Honfleur, 14600
        Les Éclusières, Ouistreham, 14150
        Électro-craie, Étretat, 76790
    """,
    "media": """
        Radio Estuaire, Le Havre, 76600
        La Gazette du bocage, Vire Normandie, 14500
        Canal Rives, Rouen, 76000
        Le Phare de la Manche, Cherbourg-en-Cotentin, 50100
        Onde douce, Caen, 14000
    """,
    "institution": """
        Médiathèque du port, Cherbourg-en-Cotentin, 50100
        Service culturel de Lisieux, Lisieux, 14100
        Conservatoire de la Risle, Pont-Audemer, 27500
        Maison des étudiants, Caen, 14000
    """,
    "brand": """
        Brasserie du Mascaret, Honfleur, 14600
        Amplis Lebrun, Caen, 14000
        Imprimerie des quais, Rouen, 76000
    """,
}

# name, what they are in the group, group
PEOPLE = """
    Jo Bernières, chanteuse, Brume salée
    Karim Delaunay, président, La Cale
    Mathilde Roussel, bassiste, Les Falaises
    Yann Le Goff, programmateur, Le Sémaphore
    Aïcha Benali, rédactrice en chef, Sillon gauche
    Zine Larsen, illustratrice, Papier bruit
    Hugo Vasseur, batteur, Sœurs Vasseur
    Éloïse Vasseur, chanteuse, Sœurs Vasseur
    Bastien Hamel, ingénieur du son, La Citerne
    Nora Quesnel, coordinatrice, Collectif Houle
    Paul-Émile Auger, trésorier, Le Tympan
    Lucie Marais, journaliste, Radio Estuaire
    Rémi Fontaine, guitariste, Nuit de craie
    Salomé Picard, directrice, Marées sonores
    Théo Lainé, bénévole, Bruits de fond
    Victoire Aubry, attachée culturelle, Service culturel de Lisieux
    Marius Caron, patron, Café du bassin
    Fanny Osmont, chargée de production, Guitares au verger
    Gaspard Néel, disquaire, Disquaire Face C
    Inaya Diallo, DJ, Ultramarée
    Antoine Lecoq, brasseur, Brasserie du Mascaret
    Clémence Havard, pigiste, L’Estran
    Denis Oriot, luthier, Amplis Lebrun
    Marion Tessier, présidente, Radio dans la cour
    Oumar Sy, rappeur, Signal faible
    Perrine Gosselin, violoniste, Grand Large
    Quentin Mallet, photographe, Ça sature
    Sarah Bréant, professeure, Conservatoire de la Risle
"""

COLLEAGUES = """
    Samira Messaoud, support
    Étienne Roger, studio
    Julie Anquetil, rédaction
    Malo Perrier, technique
    Odile Fresnel, comptabilité
    Bilal Haddad, antenne
    Charlotte Lepage, partenariats
    Gabriel Duchemin, web
    Anouk Desvages, stagiaire à la rédaction
    Vincent Thorel, direction
"""

TAGS = {
    "band": ("rock", "électro", "chanson", "rap", "folk"),
    "association": ("quartier", "jeunesse", "ateliers"),
    "webzine": ("presse",),
    "venue": ("scène", "bar"),
    "festival": ("été", "partenaire possible"),
    "media": ("presse", "antenne"),
}

NOTES = (
    "Ils cherchent une date en mars. Leur parler du plateau découverte.",
    "Prêts à relayer le lancement si on leur envoie le visuel une semaine avant.",
    "A écouté les deux premières émissions, trouve le son un peu sec.",
    "Le local est ouvert le mercredi : passer avec un micro.",
    "Veut bien présenter trois groupes du coin à l’antenne.",
    "Répétition dans la cave, on a parlé une heure du réseau des cafés-concerts.",
    "Recevra le communiqué à l’adresse du bureau, pas à la sienne.",
    "Nouveau bureau élu en octobre ; Nora reste notre contact.",
    "Salle pleine. Trois personnes ont demandé comment proposer un morceau.",
    "Échange sur les droits d’auteur, à reprendre avec Julie.",
    "Ils impriment leur fanzine le 12 : une page est pour nous.",
    "A goûté la nouvelle page d’accueil : cherche l’agenda, ne le trouve pas.",
    "Belle rencontre. Ils connaissent tout le monde à Dieppe.",
    "Propose de tenir un stand commun au marché de Noël.",
    "",
    "",
    "",
)

PROMISES = (
    "Envoyer le lien de l’émission",
    "Passer déposer des affiches",
    "Présenter Jo à Yann",
    "Rappeler pour la date de mars",
    "Envoyer les photos de l’apéro",
    "Proposer deux dates d’interview",
)

POSTS = (
    "Ce soir à 18 h, une heure de rock du Cotentin avec Pavillon bleu.",
    "Nouvelle émission en ligne : les scènes ouvertes de Rouen.",
    "Trois questions à La Cale sur ses ateliers du mercredi.",
    "L’agenda des concerts de la semaine, de Granville à Dieppe.",
    "En images : la soirée du Sémaphore.",
    "Le disque du mois : « Nuit de craie », premier album.",
    "On cherche des bénévoles pour l’apéro des webzines.",
    "Rediffusion : le plateau découverte de samedi.",
    "Portrait : Inaya Diallo, des platines à l’estuaire.",
    "Cinq festivals normands qui préparent déjà l’été.",
    "Le son du jour : Sœurs Vasseur, « La digue ».",
    "Appel à morceaux : envoyez-nous vos maquettes avant la fin du mois.",
    "Playlist : vingt groupes normands à écouter en marchant.",
    "Dans les coulisses du studio, avec Étienne.",
    "Concours : deux places pour Les Éclusières.",
    "Rencontre avec les disquaires de Caen.",
    "Ce que vous avez pensé de notre nouvelle grille.",
    "Archives : quand Le Havre jouait du garage.",
)

CHANNELS = ("Instagram", "Facebook", "Mastodon", "Lettre d’information")

# name, what it is, address
LAUNCHES = (
    (
        "Plateau découverte en public",
        "La première émission hors du studio, au Sémaphore.",
        "https://maree-haute.example/plateau",
    ),
    (
        "Ouverture de Marée haute",
        "La radio des musiques de Normandie ouvre son site et son antenne.",
        "https://maree-haute.example/ouverture",
    ),
    (
        "L’agenda commun des concerts",
        "Toutes les dates de la région en un seul endroit, tenu avec ceux qui les organisent.",
        "https://maree-haute.example/agenda",
    ),
)
